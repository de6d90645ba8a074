// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A folder of a test, removed with the value.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var name = Array(("/tmp/agent-test-" + String(repeating: "X", count: 6)).utf8CString)
        guard mkdtemp(&name) != nil else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file that can be run when `isProgram`, and returns its path.
    @discardableResult
    func write(_ text: String, to name: String, isProgram: Bool = false) throws -> String {
        let file = path + "/" + name
        let folder = (file as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        if isProgram { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file) }
        return file
    }
}
