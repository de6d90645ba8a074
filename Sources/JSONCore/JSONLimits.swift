// SPDX-License-Identifier: Apache-2.0

/// What a JSON text may cost before the parser refuses it.
public struct JSONLimits: Sendable, Equatable {
    /// What becomes of an integer literal beyond 64 bits.
    public enum BigNumbers: Sendable, Equatable {
        /// It becomes the nearest finite double, as JavaScript has it.
        case round
        /// It is an error, ``JSONError/Code/numberOutOfRange``.
        case refuse
    }

    /// The largest depth that is honoured; a higher ``depth`` counts as this one, so that walking a value by recursion
    /// fits every thread's stack.
    public static let maximumDepth = 1000

    /// How many containers may be open at once. 1 allows `[]` but not `[[]]`; default 128.
    public var depth: Int
    /// How many bytes the text may have; default 256 MiB.
    public var bytes: Int
    /// How many values the text may hold, containers and their contents both counted; default 10 million.
    public var values: Int
    /// What becomes of `12345678901234567890`; default ``BigNumbers/round``, since providers may add such fields.
    /// A number too large for any finite double is refused either way.
    public var bigNumbers: BigNumbers

    public init(
        depth: Int = 128, bytes: Int = 1 << 28, values: Int = 10_000_000, bigNumbers: BigNumbers = .round
    ) {
        self.depth = depth
        self.bytes = bytes
        self.values = values
        self.bigNumbers = bigNumbers
    }

    var effectiveDepth: Int { min(depth, Self.maximumDepth) }
}
