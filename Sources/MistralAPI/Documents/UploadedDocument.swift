// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import JSONCore

/// A file that is uploaded for one reading.
struct UploadedDocument: Sendable {
    /// How long a deletion may take: a command that was interrupted must end.
    private static let patience = Duration.seconds(10)

    let id: String
    private let platform: MistralPlatform

    /// Uploads the file at `path`.
    init(path: String, on client: MistralClient) async throws {
        platform = MistralPlatform(client: client)
        let file = try await platform.upload(FileUpload(path: path, purpose: "ocr")) { _, _ in }
        guard let id = file["id"]?.stringValue, !id.isEmpty else {
            throw ModelError(.invalidResponse, "the answer of \(client.api.service) to an upload has no id")
        }
        self.id = id
    }

    /// Deletes the file, also for a task that was cancelled: what was uploaded must not stay behind.
    ///
    /// - Returns: whether it is gone.
    @discardableResult
    func delete() async -> Bool {
        // A cancelled task can send nothing more; this one is not cancelled with it, and is waited for.
        await Task {
            await withTaskGroup(of: Bool.self) { group in
                group.addTask { (try? await platform.deleteFile(id)) != nil }
                group.addTask {
                    try? await Task.sleep(for: Self.patience)
                    return false
                }
                defer { group.cancelAll() }
                return await group.next() ?? false
            }
        }.value
    }
}
