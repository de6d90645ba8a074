// SPDX-License-Identifier: Apache-2.0

/// Where assertions hold: ECMA-262 §22.2.2.4 and §22.2.2.4.1 IsWordChar.
enum AssertionCheck {
    static func holds(_ raw: UInt8, in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
        guard let assertion = Assertion(rawValue: raw) else { return false }
        switch assertion {
        case .start: return position == 0
        case .end: return position == bytes.count
        case .lineStart: return position == 0 || isLineTerminator(UTF8Cursor.decode(bytes, endingAt: position))
        case .lineEnd: return position == bytes.count || isLineTerminator(UTF8Cursor.decode(bytes, at: position))
        case .wordBoundary: return isBoundary(bytes, position, folds: false)
        case .notWordBoundary: return !isBoundary(bytes, position, folds: false)
        case .foldedWordBoundary: return isBoundary(bytes, position, folds: true)
        case .notFoldedWordBoundary: return !isBoundary(bytes, position, folds: true)
        }
    }

    private static func isLineTerminator(_ decoded: (codePoint: UInt32, length: Int)) -> Bool {
        CodePointSet.lineTerminators.contains(decoded.codePoint)
    }

    private static func isBoundary(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int, folds: Bool) -> Bool {
        let before = position > 0 && isWord(UTF8Cursor.decode(bytes, endingAt: position).codePoint, folds: folds)
        let after = position < bytes.count && isWord(UTF8Cursor.decode(bytes, at: position).codePoint, folds: folds)
        return before != after
    }

    /// U+017F and U+212A are the only others that fold to a word character.
    static func isWord(_ codePoint: UInt32, folds: Bool) -> Bool {
        CodePointSet.word.contains(codePoint) || folds && (codePoint == 0x17F || codePoint == 0x212A)
    }
}
