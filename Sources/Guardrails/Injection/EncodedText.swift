// SPDX-License-Identifier: Apache-2.0

/// Text in base64 within a text.
enum EncodedText {
    /// Shorter ones hold no sentence.
    private static let leastBytes = 24

    /// What runs of base64 come to, where that is text: nine of ten bytes printable ASCII, or UTF-8 letters.
    static func blobs(in text: TextView) -> [[UInt8]] {
        var found: [[UInt8]] = []
        var index = 0
        while index < text.count {
            let end = text.end(from: index) { $0.isBase64 }
            if end - index >= leastBytes, let decoded = Base64Text.decoded(text.bytes[index..<end]), isText(decoded) {
                found.append(decoded)
            }
            index = max(end, index + 1)
        }
        return found
    }

    private static func isText(_ bytes: [UInt8]) -> Bool {
        let printable = bytes.count { (0x20...0x7E).contains($0) || $0.isSpace }
        return printable * 10 >= bytes.count * 9 && bytes.contains(0x20)
    }
}
