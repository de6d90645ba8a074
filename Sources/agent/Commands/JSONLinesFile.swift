// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc

/// A file that is read line by line, whatever its size; `-` is standard input.
struct JSONLinesFile {
    private let path: String

    init(_ path: String) { self.path = path }

    /// - Throws: ``UsageError`` when the file cannot be read, or what `body` throws.
    func forEachLine(_ body: (Span<UInt8>) throws -> Void) throws {
        let file = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw problem() }
        defer { if path != "-" { close(file) } }
        var splitter = LineSplitter()
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        do {
            while true {
                try Task.checkCancellation()
                let count = read(file, &buffer, buffer.count)
                if count == 0 { break }
                if count > 0 {
                    try splitter.receive(buffer.span.extracting(first: count), body)
                } else if errno != EINTR {
                    throw problem()
                }
            }
            try splitter.finish(body)
        } catch let error as LineSplitter.TooLong {
            throw UsageError("\(path): a line of more than \(error.limit >> 20) MiB")
        }
    }

    private func problem() -> UsageError { UsageError("\(path): \(String(cString: strerror(errno)))") }
}
