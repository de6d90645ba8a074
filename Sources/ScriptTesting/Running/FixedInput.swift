// SPDX-License-Identifier: Apache-2.0

import LuaAgents
import Synchronization

/// Standard input that a test gives.
final class FixedInput: Sendable {
    private let rest: Mutex<ArraySlice<UInt8>>

    init(_ bytes: [UInt8]) { rest = Mutex(bytes[...]) }

    /// All of it, or a line without its end; `nil` at the end.
    func read(_ part: StandardInputPart) -> [UInt8]? {
        rest.withLock { rest in
            guard !rest.isEmpty else { return nil }
            switch part {
            case .all:
                defer { rest = [] }
                return Array(rest)
            case .line:
                let line = rest.prefix { $0 != UInt8(ascii: "\n") }
                rest = rest.dropFirst(line.count + 1)
                return Array(line)
            }
        }
    }
}
