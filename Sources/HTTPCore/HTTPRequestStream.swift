// SPDX-License-Identifier: Apache-2.0

/// The content of a request in pieces that are made while it is sent, so that it is never in memory as a whole.
///
/// A request may be sent more than once (retries, redirects), so a stream can be opened again and again; each time it must
/// give the same bytes, `length` of them.
public struct HTTPRequestStream: Sendable {
    /// Gives the next piece, which is not empty, and `nil` at the end.
    public typealias Reader = () throws -> [UInt8]?

    /// A good length of a piece.
    package static let pieceBytes = 128 << 10

    /// Bytes in all.
    public let length: Int
    private let opened: @Sendable () throws -> Reader

    /// - Parameter open: starts from the beginning. A reader is used by one task at a time; pieces of some 128 KiB are
    ///   best.
    public init(length: Int, open: @escaping @Sendable () throws -> Reader) {
        self.length = length
        opened = open
    }

    public init(_ bytes: [UInt8]) {
        self.init(length: bytes.count) {
            var rest = bytes[...]
            return {
                guard !rest.isEmpty else { return nil }
                defer { rest = rest.dropFirst(Self.pieceBytes) }
                return Array(rest.prefix(Self.pieceBytes))
            }
        }
    }

    /// A reader of the whole content, from its beginning. It throws ``HTTPTransportError/Code/badSource`` when there are
    /// more or fewer bytes than `length`: a server must not take half a file for a whole one.
    public func open() throws -> Reader {
        let read = try opened()
        var left = length
        return { [length] in
            let piece = try read()
            left -= piece?.count ?? 0
            guard left >= 0, piece != nil || left == 0 else {
                throw HTTPTransportError(
                    .badSource, "what is sent changed its length meanwhile; it had \(length) bytes at first")
            }
            return piece
        }
    }

    /// The contents of `parts`, one behind the other.
    public static func joined(_ parts: [HTTPRequestStream]) -> HTTPRequestStream {
        HTTPRequestStream(length: parts.reduce(0) { $0 + $1.length }) {
            var waiting = parts[...]
            var current: Reader?
            return {
                while true {
                    if let piece = try current?() { return piece }
                    guard let next = waiting.popFirst() else { return nil }
                    current = try next.open()
                }
            }
        }
    }

    /// The same content; `onProgress` is called for each piece with the bytes given out so far.
    public func reporting(_ onProgress: @escaping @Sendable (_ sent: Int) -> Void) -> HTTPRequestStream {
        HTTPRequestStream(length: length) {
            let read = try self.open()
            var sent = 0
            return {
                guard let piece = try read() else { return nil }
                sent += piece.count
                onProgress(sent)
                return piece
            }
        }
    }
}
