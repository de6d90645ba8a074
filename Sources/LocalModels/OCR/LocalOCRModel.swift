// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// Reads documents and images with tesseract and poppler.
struct LocalOCRModel: OCRModel {
    let name = "local"
    let configuration: LocalConfiguration

    func read(
        _ request: OCRRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> OCRResponse {
        throw ModelError(.unavailable, "local OCR is not in this version yet")
    }
}
