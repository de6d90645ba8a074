// SPDX-License-Identifier: Apache-2.0

extension PatternShape {
    @inline(__always)
    func search(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        switch self {
        case .everything: true
        case .items(let items): items.search(bytes)
        case .oneOf(let texts): texts.contains { $0.count == bytes.count && Self.holds($0, bytes, at: 0) }
        case .prefix(let text): Self.holds(text, bytes, at: 0)
        case .suffix(let text): Self.holds(text, bytes, at: bytes.count - text.count)
        case .contains(let text): Self.contains(text, bytes)
        }
    }

    private static func holds(_ text: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        guard start >= 0, bytes.count - start >= text.count else { return false }
        return text.withUnsafeBufferPointer { text in
            for index in text.indices where text[index] != bytes[start &+ index] { return false }
            return true
        }
    }

    private static func contains(_ text: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = text.first else { return true }
        let limit = bytes.count - text.count
        var start = 0
        while start <= limit {
            if bytes[start] == first, holds(text, bytes, at: start) { return true }
            start &+= 1
        }
        return false
    }
}
