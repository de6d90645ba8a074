// SPDX-License-Identifier: Apache-2.0

/// The place of a value in a document: RFC 6901. `""` is the whole document, `/a/0` the first element of its member `a`.
public struct JSONPointer: Sendable {
    /// The keys and indices on the way, unescaped.
    public private(set) var tokens: [String]

    /// The pointer to the whole document.
    public init() { tokens = [] }

    /// The pointer with these keys and indices, which are not escaped.
    public init(tokens: [String]) { self.tokens = tokens }

    /// Reads the text form.
    ///
    /// - Throws: ``JSONError`` with ``JSONError/Code/invalidPointer`` when a text that is not empty does not start with
    ///   `/`, or a `~` is not followed by `0` or `1`.
    public init(parsing text: String) throws(JSONError) {
        tokens = []
        guard let first = text.utf8.first else { return }
        guard first == UInt8(ascii: "/") else {
            throw JSONError(.invalidPointer, offset: 0, "a JSON Pointer that is not empty must start with '/'")
        }
        var token: [UInt8] = []
        var afterTilde = false
        for (offset, byte) in text.utf8.enumerated().dropFirst() {
            if afterTilde {
                guard byte == UInt8(ascii: "0") || byte == UInt8(ascii: "1") else {
                    throw Self.tildeError(offset)
                }
                token.append(byte == UInt8(ascii: "0") ? UInt8(ascii: "~") : UInt8(ascii: "/"))
                afterTilde = false
            } else if byte == UInt8(ascii: "/") {
                tokens.append(String(decoding: token, as: UTF8.self))
                token.removeAll()
            } else if byte == UInt8(ascii: "~") {
                afterTilde = true
            } else {
                token.append(byte)
            }
        }
        if afterTilde { throw Self.tildeError(text.utf8.count) }
        tokens.append(String(decoding: token, as: UTF8.self))
    }

    public var isRoot: Bool { tokens.isEmpty }

    /// The place of the member `key` of what this points at.
    public func appending(_ key: String) -> JSONPointer { JSONPointer(tokens: tokens + [key]) }

    /// The place of the element `index` of what this points at.
    public func appending(_ index: Int) -> JSONPointer { appending(String(index)) }

    public mutating func append(_ key: String) { tokens.append(key) }

    /// Removes the last key or index, if there is one.
    public mutating func removeLast() { _ = tokens.popLast() }

    /// The value at this place of `document`; `nil` when there is none. `-`, the place behind the last element, never
    /// has one.
    public func value(in document: JSONValue) -> JSONValue? {
        var value = document
        for token in tokens {
            switch value {
            case .object(let object):
                guard let member = object[token] else { return nil }
                value = member
            case .array(let elements):
                guard let index = Self.index(token), index < elements.count else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    /// RFC 6901 §4: digits without a leading zero.
    static func index(_ token: String) -> Int? {
        let isDigits = token.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isDigits, token.utf8.count == 1 || token.utf8.first != UInt8(ascii: "0") else { return nil }
        return Int(token)
    }

    private static func tildeError(_ offset: Int) -> JSONError {
        JSONError(.invalidPointer, offset: offset, "'~' in a JSON Pointer must be followed by '0' or '1'")
    }
}

extension JSONPointer: Hashable {
    public static func == (left: JSONPointer, right: JSONPointer) -> Bool {
        left.tokens.count == right.tokens.count
            && zip(left.tokens, right.tokens).allSatisfy { $0.hasSameBytes(as: $1) }
    }

    public func hash(into hasher: inout Hasher) {
        for token in tokens {
            token.hashBytes(into: &hasher)
            hasher.combine(0xFF as UInt8)
        }
    }
}

extension JSONPointer: CustomStringConvertible {
    /// The text form, with `~0` for `~` and `~1` for `/`.
    public var description: String {
        var bytes: [UInt8] = []
        for token in tokens {
            bytes.append(UInt8(ascii: "/"))
            for byte in token.utf8 {
                switch byte {
                case UInt8(ascii: "~"): bytes += [UInt8(ascii: "~"), UInt8(ascii: "0")]
                case UInt8(ascii: "/"): bytes += [UInt8(ascii: "~"), UInt8(ascii: "1")]
                default: bytes.append(byte)
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
