// SPDX-License-Identifier: Apache-2.0

/// Names of the domain name system with labels of any script: IDNA 2008, RFC 5890 to 5893.
struct DomainName {
    /// What ends a label.
    enum Separators {
        case fullStop
        /// RFC 3490 §3.1: also the ideographic full stop, and the fullwidth and halfwidth ones.
        case allDots

        func contains(_ scalar: UInt32) -> Bool {
            switch scalar {
            case 0x2E: true
            case 0x3002, 0xFF0E, 0xFF61: self == .allDots
            default: false
            }
        }
    }

    /// Whether labels are brought into form C before they are looked at, as programs do with addresses that people type
    /// (RFC 5895 §2).
    private let composes: Bool
    /// Octets of the name so far, as it goes over the wire.
    private var length = 0
    private var hasRightToLeftLabel = false
    private var allLabelsMayBeInBidiName = true

    private init(composes: Bool) { self.composes = composes }

    /// - Parameter composes: `false` for names that must be in form C already (RFC 5890 §2.3.2.1).
    static func accepts(_ bytes: Span<UInt8>, separators: Separators, composes: Bool = false) -> Bool {
        var name = DomainName(composes: composes)
        var label: [UInt32] = []
        var position = 0
        while position < bytes.count {
            guard let scalar = UTF8Reader.next(bytes, at: &position) else { return false }
            if separators.contains(scalar) {
                guard name.accepts(label: label) else { return false }
                label.removeAll(keepingCapacity: true)
            } else {
                // A character takes at least one octet in Punycode too.
                guard label.count < Hostname.labelLimit else { return false }
                label.append(scalar)
            }
        }
        guard name.accepts(label: label) else { return false }
        // RFC 5893 §2: the rule is for all labels of a name that has one that is written from right to left.
        return !name.hasRightToLeftLabel || name.allLabelsMayBeInBidiName
    }

    private mutating func accepts(label given: [UInt32]) -> Bool {
        let label = composes ? CanonicalComposition.composed(given) : given
        guard let first = label.first, let last = label.last, first != 0x2D, last != 0x2D else { return false }
        let isASCII = label.allSatisfy { $0 < 0x80 }
        var encodedLength = label.count
        if !isASCII {
            guard accepts(unicodeLabel: label) else { return false }
            encodedLength = Punycode.prefix.count + Punycode.encodedLength(of: label)
        } else {
            let isLetterDigitHyphen = label.allSatisfy { ASCIISet.hostname.contains(UInt8(truncatingIfNeeded: $0)) }
            guard isLetterDigitHyphen, accepts(asciiLabel: label) else { return false }
        }
        length += encodedLength + (length > 0 ? 1 : 0)
        return encodedLength <= Hostname.labelLimit && length <= Hostname.nameLimit
    }

    private mutating func accepts(asciiLabel label: [UInt32]) -> Bool {
        let lower = label.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
        guard lower.starts(with: Punycode.prefix) else {
            // Letters, digits and hyphens break the rule for bidirectional names only with a digit in front.
            allLabelsMayBeInBidiName = allLabelsMayBeInBidiName && lower[0] > 0x39
            return true
        }
        guard let decoded = Punycode.decode(lower.dropFirst(Punycode.prefix.count)) else { return false }
        return decoded.contains { $0 >= 0x80 } && accepts(unicodeLabel: decoded)
    }

    /// RFC 5891 §4.2, for a label with characters outside ASCII.
    private mutating func accepts(unicodeLabel label: [UInt32]) -> Bool {
        let hyphen: UInt32 = 0x2D
        guard label.first != hyphen, label.last != hyphen else { return false }
        if label.count > 3, label[2] == hyphen, label[3] == hyphen { return false }
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(label.count)
        for value in label {
            guard let scalar = Unicode.Scalar(value) else { return false }
            scalars.append(scalar)
        }
        guard IDNALabel(scalars).isValid else { return false }
        let bidi = BidiLabel(label)
        hasRightToLeftLabel = hasRightToLeftLabel || bidi.isRightToLeft
        allLabelsMayBeInBidiName = allLabelsMayBeInBidiName && bidi.mayBeInBidiName
        return true
    }
}
