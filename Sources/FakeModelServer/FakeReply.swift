// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// What is sent back, step by step, and when.
public struct FakeReply: Sendable {
    public enum Step: Sendable {
        /// Sends bytes as they are.
        case bytes([UInt8])
        /// Waits until the gate is open.
        case wait(Gate)
        /// Closes the connection.
        case close
        /// Keeps the connection open and sends nothing more on it.
        case hang
    }

    public var steps: [Step]

    public init(steps: [Step]) { self.steps = steps }

    /// A whole response of known length.
    public init(status: Int = 200, headers: [(String, String)] = [], body: [UInt8] = []) {
        let length = ("content-length", String(body.count))
        self.init(steps: [.bytes(Self.head(status: status, headers: headers + [length]) + body)])
    }

    public init(status: Int = 200, headers: [(String, String)] = [], text: String) {
        self.init(status: status, headers: headers, body: Array(text.utf8))
    }

    public static func json(_ value: JSONValue, status: Int = 200, headers: [(String, String)] = []) -> FakeReply {
        let bytes = (try? value.serializedBytes()) ?? []
        return FakeReply(status: status, headers: [("content-type", "application/json")] + headers, body: bytes)
    }

    /// A response that ends after `pieces`, each sent as a chunk of its own.
    public static func chunks(_ pieces: [[UInt8]], headers: [(String, String)] = []) -> FakeReply {
        FakeReply(steps: [.bytes(streamHead(headers))] + pieces.map { .bytes(chunk($0)) } + [.bytes(lastChunk)])
    }

    /// The head of a response that is sent in chunks.
    public static func streamHead(_ headers: [(String, String)] = []) -> [UInt8] {
        head(status: 200, headers: headers + [("transfer-encoding", "chunked")])
    }

    /// `bytes` as one chunk (RFC 9112 §7.1).
    public static func chunk(_ bytes: [UInt8]) -> [UInt8] {
        Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [0x0D, 0x0A]
    }

    public static let lastChunk = Array("0\r\n\r\n".utf8)

    /// Never any answer.
    public static let silence = FakeReply(steps: [.hang])

    static func head(status: Int, headers: [(String, String)]) -> [UInt8] {
        var text = "HTTP/1.1 \(status) \(status < 400 ? "OK" : "Error")\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        return Array((text + "\r\n").utf8)
    }

    /// The same reply, each byte written for itself.
    public func byteByByte() -> FakeReply {
        FakeReply(
            steps: steps.flatMap { step -> [Step] in
                guard case .bytes(let bytes) = step else { return [step] }
                return bytes.map { .bytes([$0]) }
            })
    }
}
