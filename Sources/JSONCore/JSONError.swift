// SPDX-License-Identifier: Apache-2.0

/// Why a text is not JSON, a value has no JSON text, or a pointer is malformed.
public struct JSONError: Error, Sendable, Hashable {
    /// The kind of error; open, so that a later version may add one.
    public struct Code: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
        public let rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        public var description: String { rawValue }

        /// A byte that cannot stand where it stands.
        public static let unexpectedByte = Code(rawValue: "unexpectedByte")
        /// The text ends inside a value, or is empty.
        public static let unexpectedEnd = Code(rawValue: "unexpectedEnd")
        /// A second value or other text after the value.
        public static let trailingText = Code(rawValue: "trailingText")
        /// A number that the grammar does not allow, such as `01`, `1.` or `-`.
        public static let invalidNumber = Code(rawValue: "invalidNumber")
        /// A number that no finite double, or with ``JSONLimits/BigNumbers/refuse`` no 64-bit integer, can hold.
        public static let numberOutOfRange = Code(rawValue: "numberOutOfRange")
        /// An unescaped control character in a string.
        public static let controlCharacter = Code(rawValue: "controlCharacter")
        /// A backslash followed by something else than one of `"\/bfnrtu`, or `\u` without four hexadecimal digits.
        public static let invalidEscape = Code(rawValue: "invalidEscape")
        /// A `\u` escape of one half of a surrogate pair.
        public static let loneSurrogate = Code(rawValue: "loneSurrogate")
        /// Bytes in a string that are not UTF-8.
        public static let invalidUTF8 = Code(rawValue: "invalidUTF8")
        /// A key that its object has already.
        public static let duplicateKey = Code(rawValue: "duplicateKey")
        /// More open containers than ``JSONLimits/depth``.
        public static let depthLimit = Code(rawValue: "depthLimit")
        /// More bytes than ``JSONLimits/bytes``.
        public static let sizeLimit = Code(rawValue: "sizeLimit")
        /// More values than ``JSONLimits/values``.
        public static let valueLimit = Code(rawValue: "valueLimit")
        /// A number to be written that is infinite or NaN.
        public static let nonFiniteNumber = Code(rawValue: "nonFiniteNumber")
        /// A JSON Pointer that RFC 6901 does not allow.
        public static let invalidPointer = Code(rawValue: "invalidPointer")
    }

    public let code: Code
    /// What was expected and what came, as a phrase without the position and without a full stop.
    public let message: String
    /// Bytes before the error; `nil` when there is no text that it is in.
    public let offset: Int?
    /// The line of the error from 1; only a line feed ends a line.
    public let line: Int?
    /// The column of the error from 1, in Unicode scalars.
    public let column: Int?

    public init(_ code: Code, offset: Int? = nil, line: Int? = nil, column: Int? = nil, _ message: String) {
        self.code = code
        self.message = message
        self.offset = offset
        self.line = line
        self.column = column
    }
}

extension JSONError: CustomStringConvertible {
    /// The message with its place, such as `line 1, column 8: expected ':' after a key, found 0x2C (',')`.
    public var description: String {
        guard let line, let column else { return message }
        return "line \(line), column \(column): \(message)"
    }
}
