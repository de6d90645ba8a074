// SPDX-License-Identifier: Apache-2.0

/// Where a value stands in the text that it was read from.
public struct JSONTextPlace: Sendable, Hashable {
    /// What is looked for at a pointer.
    public enum Target: Sendable {
        /// The value.
        case value
        /// The key of the member, with its opening quote; the value when it is an element or the whole document.
        case key
    }

    /// Bytes before it.
    public let offset: Int
    /// The line, from 1; only a line feed ends a line.
    public let line: Int
    /// The column, from 1, in Unicode scalars.
    public let column: Int

    /// Finds the value at `pointer` in the UTF-8 bytes of a text that has been parsed without error. Walks the text up
    /// to the value, and makes no tree.
    ///
    /// - Returns: `nil` when there is no such value. What a text that is not JSON gives has no meaning.
    public init?(of pointer: JSONPointer, in bytes: Span<UInt8>, target: Target = .value) {
        var scanner = JSONTextScanner(count: bytes.count)
        guard let offset = scanner.find(pointer, target, bytes) else { return nil }
        var position = JSONTextPosition()
        unsafe bytes.withUnsafeBytes {
            unsafe position.advance(over: UnsafeRawBufferPointer(rebasing: $0[..<offset]))
        }
        self.offset = offset
        line = position.line
        column = position.column
    }

    /// Finds the value at `pointer` in a text; see ``init(of:in:target:)-(_,Span<UInt8>,_)``.
    public init?(of pointer: JSONPointer, in bytes: [UInt8], target: Target = .value) {
        self.init(of: pointer, in: bytes.span, target: target)
    }

    /// Finds the value at `pointer` in a text; see ``init(of:in:target:)-(_,Span<UInt8>,_)``.
    public init?(of pointer: JSONPointer, in text: String, target: Target = .value) {
        self.init(of: pointer, in: Array(text.utf8), target: target)
    }
}

/// Walks over the values of a text that is known to be JSON.
private struct JSONTextScanner {
    let count: Int
    private var position = 0

    init(count: Int) { self.count = count }

    mutating func find(_ pointer: JSONPointer, _ target: JSONTextPlace.Target, _ bytes: Span<UInt8>) -> Int? {
        var key: Int?
        skipSpace(bytes)
        for token in pointer.tokens {
            switch current(bytes) {
            case UInt8(ascii: "{"):
                key = member(token, bytes)
                if key == nil { return nil }
            case UInt8(ascii: "["):
                guard element(token, bytes) else { return nil }
                key = nil
            default: return nil
            }
        }
        if position >= count { return nil }
        return target == .key ? key ?? position : position
    }

    private func current(_ bytes: Span<UInt8>) -> UInt8 { position < count ? bytes[position] : 0 }

    private mutating func skipSpace(_ bytes: Span<UInt8>) {
        while position < count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
    }

    /// Goes to the value of the member, and says where its key stands.
    private mutating func member(_ name: String, _ bytes: Span<UInt8>) -> Int? {
        repeat {
            position += 1
            skipSpace(bytes)
            guard current(bytes) == UInt8(ascii: "\"") else { return nil }
            let start = position
            skipString(bytes)
            let isIt = Self.isString(bytes, start, position, name)
            skipSpace(bytes)
            position += 1
            skipSpace(bytes)
            if isIt { return start }
            skipValue(bytes)
            skipSpace(bytes)
        } while current(bytes) == UInt8(ascii: ",")
        return nil
    }

    /// Goes to the element.
    private mutating func element(_ token: String, _ bytes: Span<UInt8>) -> Bool {
        guard var index = JSONPointer.index(token) else { return false }
        position += 1
        skipSpace(bytes)
        if current(bytes) == UInt8(ascii: "]") { return false }
        while index > 0 {
            skipValue(bytes)
            skipSpace(bytes)
            guard current(bytes) == UInt8(ascii: ",") else { return false }
            position += 1
            skipSpace(bytes)
            index -= 1
        }
        return true
    }

    /// Whether the string literal between two offsets has this text.
    private static func isString(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ name: String) -> Bool {
        var literal: [UInt8] = []
        literal.reserveCapacity(end - start)
        for offset in start..<end { literal.append(bytes[offset]) }
        guard case .string(let text)? = try? JSONValue(parsing: literal) else { return false }
        return text.hasSameBytes(as: name)
    }

    private mutating func skipString(_ bytes: Span<UInt8>) {
        position += 1
        while position < count {
            let byte = bytes[position]
            position += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "\"") { return }
        }
        position = count
    }

    private mutating func skipValue(_ bytes: Span<UInt8>) {
        var depth = 0
        while position < count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                skipString(bytes)
                if depth == 0 { return }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return }
                depth -= 1
                if depth == 0 {
                    position += 1
                    return
                }
            case UInt8(ascii: ","), 0x20, 0x0A, 0x0D, 0x09:
                if depth == 0 { return }
            default: break
            }
            position += 1
        }
    }
}
