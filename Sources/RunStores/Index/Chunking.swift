// SPDX-License-Identifier: Apache-2.0

/// How documents are cut into passages.
public struct Chunking: Sendable, Equatable {
    /// A passage's size at most, in bytes of UTF-8: characters, for English. Small embedding models take 512 tokens,
    /// and a token is seldom under two bytes. 64 or more.
    public var maximumBytes: Int
    /// How much of its end a passage shares with the next one of the same section, at most; half of `maximumBytes` or
    /// less.
    public var overlapBytes: Int

    public init(maximumBytes: Int = 1_200, overlapBytes: Int = 200) {
        self.maximumBytes = max(64, maximumBytes)
        self.overlapBytes = min(max(0, overlapBytes), self.maximumBytes / 2)
    }

    /// Documents that were cut otherwise are cut again. The number counts changes of the rules.
    var name: String { "1:\(maximumBytes):\(overlapBytes)" }
}

/// A passage of a document.
package struct Chunk: Sendable, Equatable {
    /// Bytes of the document from 0.
    package var bytes: Range<Int>
    /// Lines of the document from 1.
    package var lines: ClosedRange<Int>
    /// The headings it stands under, from the outermost.
    package var headings: [String]
    /// Those of `headings` that are not in the text itself.
    package var context: [String]
    /// Byte for byte the document's.
    package var text: String

    /// What is embedded: the text under its headings, so that a passage is found by what it belongs to.
    package var embedded: String {
        context.isEmpty ? text : String(context.joined(separator: " > ").prefix(200)) + "\n\n" + text
    }
}
