// SPDX-License-Identifier: Apache-2.0

/// A place in a text, in bytes of UTF-8, and what stands there.
struct TextFind<Kind: Sendable & Hashable>: Sendable, Equatable {
    var range: Range<Int>
    var kind: Kind

    init(_ kind: Kind, _ range: Range<Int>) {
        self.kind = kind
        self.range = range
    }
}

/// Finds things in a text in time proportional to its length.
protocol TextFinder: Sendable {
    associatedtype Kind: RawRepresentable<String> & Sendable & Hashable

    /// How many bytes before a sentence may matter to what is found in it.
    var contextBytes: Int { get }

    /// What its finds are, for people: `personal data`.
    var subject: String { get }

    /// Where a find ends that began before the text that is judged: what tells its end has to stay, or nobody knew that it has ended.
    func end(ofRest find: TextFind<Kind>, in text: [UInt8]) -> Int

    /// The finds in order and apart.
    func finds(in text: TextView) -> [TextFind<Kind>]

    /// What stands in place of a find.
    func placeholder(for kind: Kind) -> String
}

extension TextFinder {
    func end(ofRest find: TextFind<Kind>, in text: [UInt8]) -> Int { find.range.upperBound }

    func finds(in bytes: [UInt8]) -> [TextFind<Kind>] {
        bytes.withUnsafeBufferPointer { finds(in: TextView($0)) }
    }

    func finds(in text: String) -> [TextFind<Kind>] {
        var text = text
        return text.withUTF8 { finds(in: TextView($0)) }
    }
}

extension Array {
    /// Appends a find, in the place of earlier ones that it overlaps.
    mutating func appendOver<Kind>(_ find: TextFind<Kind>) where Element == TextFind<Kind> {
        while let last, last.range.upperBound > find.range.lowerBound { removeLast() }
        append(find)
    }
}
