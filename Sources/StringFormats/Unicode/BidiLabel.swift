// SPDX-License-Identifier: Apache-2.0

/// The direction of a label: RFC 5893 §2.
struct BidiLabel {
    /// Whether a character of the label is written from right to left (§1.4).
    private(set) var isRightToLeft = false
    /// Whether the label follows the six rules for labels of a name that has one that is written from right to left.
    private(set) var mayBeInBidiName = false

    init(_ label: [UInt32]) {
        let classes = label.map { IDNATables.properties(of: $0).bidi }
        isRightToLeft = classes.contains { $0 == .right || $0 == .arabicLetter || $0 == .arabicNumber }
        guard let first = classes.first, let last = classes.last(where: { $0 != .nonspacing }) else { return }
        switch first {
        // Rules 1, 5 and 6.
        case .left:
            mayBeInBidiName = !isRightToLeft && (last == .left || last == .europeanNumber)
        // Rules 1 to 4.
        case .right, .arabicLetter:
            let endsWell = last == .right || last == .arabicLetter || last == .europeanNumber || last == .arabicNumber
            let mixesNumbers = classes.contains(.europeanNumber) && classes.contains(.arabicNumber)
            mayBeInBidiName = endsWell && !mixesNumbers && !classes.contains(.left)
        default:
            mayBeInBidiName = false
        }
    }
}
