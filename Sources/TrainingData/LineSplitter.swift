// SPDX-License-Identifier: Apache-2.0

/// Cuts bytes that arrive in pieces into lines. Holds the line that is not yet complete, and no more.
public struct LineSplitter: Sendable {
    /// A line was longer than the limit.
    public struct TooLong: Error, Sendable {
        public let limit: Int
    }

    private var rest: [UInt8] = []
    private let limit: Int

    /// - Parameter limit: bytes that a line may have; default 256 MiB, as for any JSON text.
    public init(limit: Int = 1 << 28) { self.limit = limit }

    /// Takes the next piece and passes on the lines that it completes, without their line feeds.
    ///
    /// - Throws: ``TooLong``, or what `body` throws.
    public mutating func receive(_ bytes: Span<UInt8>, _ body: (Span<UInt8>) throws -> Void) throws {
        var start = 0
        while let end = Self.lineFeed(in: bytes, from: start) {
            let line = bytes.extracting(start..<end)
            start = end + 1
            if rest.isEmpty {
                try body(line)
            } else {
                try keep(line)
                try body(rest.span)
                rest.removeAll(keepingCapacity: rest.capacity < 1 << 20)
            }
        }
        try keep(bytes.extracting(start..<bytes.count))
    }

    /// Passes on the last line, when it did not end in a line feed.
    public mutating func finish(_ body: (Span<UInt8>) throws -> Void) rethrows {
        defer { rest = [] }
        if !rest.isEmpty { try body(rest.span) }
    }

    private mutating func keep(_ bytes: Span<UInt8>) throws(TooLong) {
        guard rest.count + bytes.count <= limit else { throw TooLong(limit: limit) }
        rest.reserveCapacity(rest.count + bytes.count)
        bytes.withUnsafeBufferPointer { rest.append(contentsOf: $0) }
    }

    private static func lineFeed(in bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            if bytes[index] == 0x0A { return index }
            index += 1
        }
        return nil
    }
}
