// SPDX-License-Identifier: Apache-2.0

/// Goes once over a text. Where a form could begin it reads a bounded number of bytes, or bytes that no other place reads.
struct SecretFinder: TextFinder {
    private let wanted: Set<SecretKind>

    init(_ kinds: Set<SecretKind>) { wanted = kinds }

    var contextBytes: Int { 16 << 10 }
    var subject: String { "secrets" }
    func placeholder(for kind: SecretKind) -> String { "[secret:\(kind.rawValue)]" }

    func end(ofRest find: TextFind<SecretKind>, in text: [UInt8]) -> Int {
        find.kind == .privateKey ? PrivateKeyForm.bodyEnd(of: find.range, in: text) : find.range.upperBound
    }

    func finds(in text: TextView) -> [TextFind<SecretKind>] {
        var found: [TextFind<SecretKind>] = []
        var index = 0
        while index < text.count {
            let start = Self.starts[Int(text.bytes[index])]
            guard start != .none else {
                index += 1
                continue
            }
            if let find = find(in: text, at: index, start), wanted.contains(find.kind) {
                found.appendOver(find)
                index = max(index + 1, find.range.upperBound)
            } else {
                index += 1
            }
        }
        return found
    }

    private func find(in text: TextView, at index: Int, _ start: Start) -> TextFind<SecretKind>? {
        switch start {
        case .none: nil
        case .word:
            text.isWordBefore(index) ? nil : TokenForm.find(in: text, at: index) ?? BearerForm.find(in: text, at: index)
        case .colon:
            TelegramForm.find(in: text, at: index) ?? URLPasswordForm.find(in: text, at: index)
                ?? AssignedForm.find(in: text, at: index)
        case .equals: AssignedForm.find(in: text, at: index)
        case .hyphen: PrivateKeyForm.find(in: text, at: index)
        }
    }

    private enum Start: UInt8 { case none, word, colon, equals, hyphen }

    private static let starts: [Start] = (0...255).map { (byte: UInt8) in
        switch byte {
        case UInt8(ascii: ":"): .colon
        case UInt8(ascii: "="): .equals
        case UInt8(ascii: "-"): .hyphen
        default: byte.isAlphanumeric ? .word : .none
        }
    }
}
