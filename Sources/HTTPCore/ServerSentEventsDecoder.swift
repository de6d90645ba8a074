// SPDX-License-Identifier: Apache-2.0

/// Makes events of the bytes of a `text/event-stream` (WHATWG HTML §9.2.6), however they are cut into pieces.
///
/// Lines end in CR, LF or CRLF; a byte order mark at the start is skipped; comments and unknown fields are ignored.
public struct ServerSentEventsDecoder: Sendable {
    /// How many bytes an event may have, its unfinished line included.
    public let maxEventBytes: Int
    /// The last valid `retry` field: how long a client waits before it connects again.
    public private(set) var reconnectionTime: Duration?

    private var line: [UInt8] = []
    private var type: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var lastEventID = ""
    private var skipsLineFeed = false
    private var isFirstLine = true

    /// - Parameter maxEventBytes: default 16 MiB.
    public init(maxEventBytes: Int = 16 << 20) {
        self.maxEventBytes = maxEventBytes
    }

    /// All events of a whole stream, the last one even if no empty line follows it.
    ///
    /// - Throws: ``HTTPTransportError/Code/tooLarge``.
    public static func events(in bytes: [UInt8], maxEventBytes: Int = 16 << 20) throws(HTTPTransportError)
        -> [ServerSentEvent]
    {
        var decoder = ServerSentEventsDecoder(maxEventBytes: maxEventBytes)
        var events = try decoder.decode(bytes)
        if let last = try decoder.finish() { events.append(last) }
        return events
    }

    /// The events that `bytes` completes.
    ///
    /// - Throws: ``HTTPTransportError/Code/tooLarge``.
    public mutating func decode(_ bytes: [UInt8]) throws(HTTPTransportError) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        var start = 0
        if skipsLineFeed, let first = bytes.first {
            skipsLineFeed = false
            if first == 0x0A { start = 1 }
        }
        while let end = Self.endOfLine(in: bytes, from: start) {
            try append(bytes[start..<end])
            if let event = takeLine() { events.append(event) }
            start = end + 1
            guard bytes[end] == 0x0D else { continue }
            if start == bytes.count {
                skipsLineFeed = true
            } else if bytes[start] == 0x0A {
                start += 1
            }
        }
        try append(bytes[start...])
        return events
    }

    /// The event that the end of the stream leaves unfinished, if it has data. The standard drops it; a caller that does
    /// so too need not call this.
    public mutating func finish() throws(HTTPTransportError) -> ServerSentEvent? {
        if !line.isEmpty, let event = takeLine() { return event }
        return dispatch()
    }

    private static func endOfLine(in bytes: [UInt8], from start: Int) -> Int? {
        var place = start
        while place < bytes.count {
            if bytes[place] == 0x0A || bytes[place] == 0x0D { return place }
            place += 1
        }
        return nil
    }

    private mutating func append(_ piece: ArraySlice<UInt8>) throws(HTTPTransportError) {
        guard line.count + data.count + piece.count <= maxEventBytes else {
            throw HTTPTransportError(.tooLarge, "an event of the stream has more than \(maxEventBytes) bytes")
        }
        line += piece
    }

    private mutating func takeLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else { return dispatch() }
        let colon = line.firstIndex(of: 0x3A) ?? line.endIndex
        var value = line[min(colon + 1, line.endIndex)...]
        if value.first == 0x20 { value.removeFirst() }
        take(field: line[..<colon], value)
        return nil
    }

    private mutating func take(field: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        if field.elementsEqual("data".utf8) {
            if hasData { data.append(0x0A) }
            hasData = true
            data += value
        } else if field.elementsEqual("event".utf8) {
            type = Array(value)
        } else if field.elementsEqual("id".utf8) {
            if !value.contains(0) { lastEventID = String(decoding: value, as: UTF8.self) }
        } else if field.elementsEqual("retry".utf8), !value.isEmpty, value.allSatisfy({ (0x30...0x39).contains($0) }) {
            if let milliseconds = Int64(String(decoding: value, as: UTF8.self)) {
                reconnectionTime = .milliseconds(milliseconds)
            }
        }
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer {
            type.removeAll()
            data = []
            hasData = false
        }
        guard hasData else { return nil }
        return ServerSentEvent(
            type: type.isEmpty ? "message" : String(decoding: type, as: UTF8.self), data: data, lastEventID: lastEventID
        )
    }
}
