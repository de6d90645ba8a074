// SPDX-License-Identifier: Apache-2.0

/// A form with files, `multipart/form-data` (RFC 7578), which is sent piece by piece.
public struct MultipartForm: Sendable {
    /// What stands between the parts; no part may hold it.
    public let boundary: String
    private var parts: [HTTPRequestStream] = []

    /// - Parameter boundary: 1…70 letters and digits; by default 128 random bits, which no file holds by chance.
    public init(boundary: String? = nil) {
        self.boundary =
            boundary ?? (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined(separator: "x")
    }

    public var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    public mutating func append(_ name: String, _ value: String) {
        append("form-data; name=\"\(Self.quoted(name))\"", type: nil, HTTPRequestStream(Array(value.utf8)))
    }

    /// - Parameters:
    ///   - filename: any text; what may not stand in it is percent-encoded.
    ///   - type: a media type.
    public mutating func append(
        _ name: String, filename: String, type: String = "application/octet-stream", _ content: HTTPRequestStream
    ) {
        append(
            "form-data; name=\"\(Self.quoted(name))\"; filename=\"\(Self.quoted(filename))\"", type: type, content)
    }

    /// The whole form.
    public var content: HTTPRequestStream { .joined(parts + [HTTPRequestStream(Array("--\(boundary)--\r\n".utf8))]) }

    private mutating func append(_ disposition: String, type: String?, _ content: HTTPRequestStream) {
        var head = "--\(boundary)\r\nContent-Disposition: \(disposition)\r\n"
        if let type { head += "Content-Type: \(type)\r\n" }
        parts += [
            HTTPRequestStream(Array((head + "\r\n").utf8)), content, HTTPRequestStream(Array("\r\n".utf8)),
        ]
    }

    /// What may not stand between quotes (WHATWG HTML, multipart/form-data encoding algorithm).
    private static func quoted(_ text: String) -> String {
        // By bytes: CR LF is one `Character`, which neither CR nor LF would be found in.
        let bytes = text.utf8.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "\""): Array("%22".utf8)
            case UInt8(ascii: "\r"): Array("%0D".utf8)
            case UInt8(ascii: "\n"): Array("%0A".utf8)
            default: [byte]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
