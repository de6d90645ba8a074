// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Synchronization

/// The file of `-o`: collected, then put in its place whole.
final class OutputFile: Sendable {
    private let path: String
    private let content = Mutex<[UInt8]>([])

    init(_ path: String) { self.path = path }

    func append(_ bytes: [UInt8]) { content.withLock { $0 += bytes } }

    /// Writes what was collected, be it nothing.
    func commit() throws {
        let bytes = content.withLock(\.self)
        do {
            try AtomicFile.write(bytes, to: path)
        } catch {
            throw ConfigurationError("-o \(error)")
        }
    }
}
