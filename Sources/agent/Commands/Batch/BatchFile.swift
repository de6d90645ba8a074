// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc

/// A file of requests, read and checked; held against a second submission at the same time while this value lives.
final class BatchFile {
    /// Bytes that the service takes in one file.
    private static let maximumBytes = 512 << 20

    let path: String
    let input: BatchInput
    private let file: Int32

    /// - Throws: ``UsageError`` with the lines that are wrong.
    init(_ path: String) throws {
        self.path = path
        file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw UsageError("\(path): \(String(cString: strerror(errno)))") }
        input = try Self.read(file, path)
        guard input.faultCount == 0 else {
            let rest = input.faultCount - input.faults.count
            let lines = input.faults.map { "\(path): \($0)" } + (rest > 0 ? ["… and \(rest) more"] : [])
            throw UsageError("nothing was sent:\n" + lines.joined(separator: "\n"))
        }
    }

    deinit { if file >= 0 { close(file) } }

    /// - Throws: ``UsageError`` when another submission of the file is at work.
    func lock() throws {
        // The lock goes with the process, whatever ends it.
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            throw UsageError("\(path): another agent batch submit is at work on it")
        }
    }

    private static func read(_ file: Int32, _ path: String) throws -> BatchInput {
        var input = BatchInput()
        var buffer = [UInt8](repeating: 0, count: 128 << 10)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw UsageError("\(path): \(String(cString: strerror(errno)))")
            }
            if count == 0 { break }
            try Task.checkCancellation()
            input.add(Array(buffer[..<count]))
            guard input.byteCount <= maximumBytes else {
                throw UsageError("\(path): longer than 512 MiB, which the service takes in one file; split it")
            }
        }
        input.finish()
        return input
    }
}
