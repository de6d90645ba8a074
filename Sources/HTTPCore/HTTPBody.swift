// SPDX-License-Identifier: Apache-2.0

/// The content of a response, in pieces as they come from the network.
///
/// It is read once, by one reader at a time. Reading throws ``HTTPTransportError`` when the connection fails before
/// the end, so an end (`nil`) is always the true end.
public struct HTTPBody: AsyncSequence, Sendable {
    public typealias Element = [UInt8]

    private let next: @Sendable () async throws -> [UInt8]?

    /// - Parameter next: gives the next piece, which is not empty, and `nil` at the end.
    public init(next: @escaping @Sendable () async throws -> [UInt8]?) {
        self.next = next
    }

    /// A body of `bytes`.
    public init(_ bytes: [UInt8]) {
        let pieces = OncePieces(bytes.isEmpty ? nil : bytes)
        self.init { pieces.take() }
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let read: @Sendable () async throws -> [UInt8]?

        public mutating func next() async throws -> [UInt8]? { try await read() }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(read: next) }

    /// All of the body.
    ///
    /// - Throws: ``HTTPTransportError/Code/tooLarge`` when it has more than `limit` bytes.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await next() {
            guard bytes.count + piece.count <= limit else {
                throw HTTPTransportError(.tooLarge, "the response has more than \(limit) bytes")
            }
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
        }
        return bytes
    }

    /// The first bytes of the body, `limit` at most; what could be read when the connection fails.
    public func prefix(upTo limit: Int) async -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < limit, let piece = try? await next() { bytes += piece }
        return bytes.count > limit ? Array(bytes.prefix(limit)) : bytes
    }
}
