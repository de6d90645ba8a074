// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Synchronization

/// The code that a script runs, by which answers about its tools are remembered.
final class ScriptCode: Sendable {
    /// The file, as it was named when it was run.
    let name: String
    private let pieces: Mutex<[[UInt8]]>

    init(_ source: [UInt8], name: String) {
        self.name = name
        pieces = Mutex([source])
    }

    /// Notes a tool of the library that the script has loaded.
    func add(_ source: [UInt8]) { pieces.withLock { $0.append(source) } }

    /// Hashed when somebody asks: most scripts never are asked about.
    var origin: ToolOrigin {
        let pieces = pieces.withLock(\.self)
        // The digests of the pieces, so that no two lists of pieces are the same text.
        let digests = pieces.map { SHA256.digest($0) }
        return ToolOrigin(file: name, digest: SHA256.digest(digests.joined()).hexadecimal)
    }
}
