// SPDX-License-Identifier: Apache-2.0

/// One event of a stream of server-sent events.
public struct ServerSentEvent: Sendable, Equatable {
    /// The `event` field; `message` when there was none.
    public var type: String
    /// The `data` fields, joined by line feeds, as they came.
    public var data: [UInt8]
    /// The last `id` field of the stream so far; empty when there was none.
    public var lastEventID: String

    public init(type: String = "message", data: [UInt8], lastEventID: String = "") {
        self.type = type
        self.data = data
        self.lastEventID = lastEventID
    }

    /// The data as text; bytes that are not UTF-8 become U+FFFD.
    public var text: String { String(decoding: data, as: UTF8.self) }
}
