// SPDX-License-Identifier: Apache-2.0

/// Country codes of ITU-T E.164 that are assigned.
enum CountryCodes {
    /// Two digits: all others that begin with 2 to 9 have three. 1 and 7 have one.
    private static let pairs: Set<Int> = [
        20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61,
        62, 63, 64, 65,
        66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
    ]
    private static let unassigned: Set<Int> = [
        210, 214, 215, 217, 219, 259, 384, 422, 424, 425, 426, 427, 428, 429, 693, 694, 695, 696, 697, 698, 699, 801,
        802, 803, 804, 805, 806, 807, 809,
        851, 854, 857, 858,
        859, 871, 872, 873, 874, 875, 876, 877, 879, 978, 990, 997, 999,
    ]

    /// The length of the code that `digits` begin with; `nil` when there is no such code.
    static func length(of digits: [UInt8]) -> Int? {
        guard digits.count >= 3, digits[0] != 0 else { return nil }
        if digits[0] == 1 || digits[0] == 7 { return 1 }
        let pair = Int(digits[0]) * 10 + Int(digits[1])
        if pairs.contains(pair) { return 2 }
        let triple = pair * 10 + Int(digits[2])
        let isOpen = (280...289).contains(triple) || (830...839).contains(triple) || (890...899).contains(triple)
        return isOpen || unassigned.contains(triple) ? nil : 3
    }
}
