// SPDX-License-Identifier: Apache-2.0

/// Names of runs: the time in milliseconds and a random number, in the digits of Crockford's base 32, which read alike in no two
/// ways. Later runs have later names.
public enum RunID {
    private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz")
    private static let timeDigits = 9
    private static let randomDigits = 5

    /// A name of its own for a run that begins now.
    public static func new(at microseconds: Int64 = WallClock.microseconds) -> String {
        text(UInt64(max(0, microseconds / 1000)), timeDigits) + text(UInt64.random(in: .min ... .max), randomDigits)
    }

    private static func text(_ number: UInt64, _ count: Int) -> String {
        String((0..<count).reversed().map { digits[Int(number >> (5 * UInt64($0)) & 31)] })
    }
}
