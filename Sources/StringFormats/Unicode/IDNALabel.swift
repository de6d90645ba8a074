// SPDX-License-Identifier: Apache-2.0

/// A label of scalar values, judged by RFC 5891 §4.2 but for hyphens and direction.
struct IDNALabel {
    private let scalars: [Unicode.Scalar]

    /// - Parameter scalars: at most 63.
    init(_ scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    var isValid: Bool {
        // §4.2.3.2: no combining mark in front.
        guard let first = scalars.first, !first.isCombiningMark else { return false }
        for (index, scalar) in scalars.enumerated() {
            switch scalar.derivedProperty {
            case .valid: continue
            case .contextual where isInContext(at: index): continue
            default: return false
            }
        }
        return CanonicalComposition.isComposed(scalars)
    }

    /// The rules of RFC 5892 appendix A.
    private func isInContext(at index: Int) -> Bool {
        let before = index > 0 ? scalars[index - 1] : nil
        let after = index + 1 < scalars.count ? scalars[index + 1] : nil
        switch scalars[index].value {
        case 0x200C: return followsVirama(before) || isBetweenJoiningLetters(index)
        case 0x200D: return followsVirama(before)
        case 0x00B7: return before == "l" && after == "l"
        case 0x0375: return script(of: after) == .greek
        case 0x05F3, 0x05F4: return script(of: before) == .hebrew
        case 0x30FB:
            return scalars.contains {
                [.hiragana, .katakana, .han].contains(IDNATables.properties(of: $0.value).script)
            }
        case 0x0660...0x0669: return !scalars.contains { 0x06F0...0x06F9 ~= $0.value }
        case 0x06F0...0x06F9: return !scalars.contains { 0x0660...0x0669 ~= $0.value }
        default: return false
        }
    }

    private func script(of scalar: Unicode.Scalar?) -> IDNATables.Script? {
        scalar.map { IDNATables.properties(of: $0.value).script }
    }

    private func followsVirama(_ before: Unicode.Scalar?) -> Bool {
        before?.properties.canonicalCombiningClass == .virama
    }

    /// Appendix A.1: `(L or D) T* ZWNJ T* (R or D)` in joining types.
    private func isBetweenJoiningLetters(_ index: Int) -> Bool {
        func joining(_ scalar: Unicode.Scalar) -> IDNATables.Joining { IDNATables.properties(of: scalar.value).joining }
        let before = scalars[..<index].last { joining($0) != .transparent }.map(joining)
        let after = scalars[(index + 1)...].first { joining($0) != .transparent }.map(joining)
        return (before == .left || before == .dual) && (after == .right || after == .dual)
    }
}

extension Unicode.Scalar {
    /// What RFC 5892 says of a code point: PVALID, CONTEXTJ and CONTEXTO together, or DISALLOWED and UNASSIGNED
    /// together.
    enum DerivedProperty {
        case valid
        case contextual
        case disallowed
    }

    fileprivate var isCombiningMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    /// RFC 5892 §3, from the properties of the Unicode version of the standard library.
    var derivedProperty: DerivedProperty {
        switch value {
        case 0x2D, 0x30...0x39, 0x61...0x7A: return .valid
        case 0..<0x80: return .disallowed
        // Exceptions, §2.6.
        case 0x00DF, 0x03C2, 0x06FD, 0x06FE, 0x0F0B, 0x3007: return .valid
        case 0x00B7, 0x0375, 0x05F3, 0x05F4, 0x0660...0x0669, 0x06F0...0x06F9, 0x30FB: return .contextual
        case 0x0640, 0x07FA, 0x302E, 0x302F, 0x3031...0x3035, 0x303B: return .disallowed
        // JoinControl, §2.8.
        case 0x200C, 0x200D: return .contextual
        // OldHangulJamo, §2.9.
        case 0x1100...0x11FF, 0xA960...0xA97C, 0xD7B0...0xD7FB: return .disallowed
        // IgnorableBlocks, §2.4.
        case 0x20D0...0x20FF, 0x1D100...0x1D1FF, 0x1D200...0x1D24F: return .disallowed
        default: break
        }
        switch properties.generalCategory {
        // LetterDigits, §2.1, less Unstable, §2.2. The latter has IgnorableProperties, §2.3, in it: the folding drops
        // what Default_Ignorable_Code_Point says, and white space and noncharacters are of other categories.
        case .lowercaseLetter, .uppercaseLetter, .otherLetter, .decimalNumber, .modifierLetter, .nonspacingMark,
            .spacingMark:
            return properties.changesWhenNFKCCaseFolded ? .disallowed : .valid
        default:
            return .disallowed
        }
    }
}
