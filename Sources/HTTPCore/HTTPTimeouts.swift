// SPDX-License-Identifier: Apache-2.0

/// How long each part of a request may take; `nil` waits for ever.
public struct HTTPTimeouts: Sendable, Equatable {
    /// Until a connection is there and the request's head is sent, waiting for a free connection included. Default 10 s.
    public var connect: Duration?
    /// From the end of the request until the head of the response. Default 300 s: a model may read a long prompt for
    /// minutes.
    public var firstByte: Duration?
    /// Between two pieces of the body, while somebody wants to read, and between two pieces of a request that are
    /// taken. Default 120 s.
    public var idle: Duration?
    /// For all of it, each redirect anew. Default `nil`.
    public var total: Duration?

    public init(
        connect: Duration? = .seconds(10), firstByte: Duration? = .seconds(300), idle: Duration? = .seconds(120),
        total: Duration? = nil
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }
}
