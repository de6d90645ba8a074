// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file that is removed in the end.
final class ScratchFile {
    let path: String

    init(_ bytes: [UInt8], ending: String = "bin") throws {
        path = NSTemporaryDirectory() + "mistral-\(UUID().uuidString).\(ending)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
