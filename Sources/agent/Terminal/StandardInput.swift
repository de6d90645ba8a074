// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc
import Synchronization

/// Standard input, read only when somebody asks for it.
enum StandardInput {
    private static let rest = Mutex<[UInt8]>([])

    /// - Returns: all that is left, or the next line without its end; `nil` at the end.
    static func read(_ part: StandardInputPart) async throws -> [UInt8]? {
        switch part {
        case .all: try readAll()
        case .line: try readLine()
        }
    }

    private static func readAll() throws -> [UInt8]? {
        try rest.withLock { rest in
            while let more = try chunk() { rest += more }
            defer { rest = [] }
            return rest
        }
    }

    private static func readLine() throws -> [UInt8]? {
        try rest.withLock { rest in
            while true {
                if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    defer { rest.removeFirst(end + 1) }
                    return Array(rest[..<end])
                }
                guard let more = try chunk() else {
                    defer { rest = [] }
                    return rest.isEmpty ? nil : rest
                }
                rest += more
            }
        }
    }

    private static func chunk() throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            try Task.checkCancellation()
            // A short wait at a time, so that Ctrl-C is noticed.
            var wanted = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            if poll(&wanted, 1, 100) == 0 { continue }
            let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
            if count > 0 { return Array(buffer[..<count]) }
            if count == 0 { return nil }
            if errno != EINTR { throw ConfigurationError("standard input: \(String(cString: strerror(errno)))") }
        }
    }
}
