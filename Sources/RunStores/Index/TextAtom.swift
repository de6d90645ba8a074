// SPDX-License-Identifier: Apache-2.0

/// A piece of text that is never cut further: a line, or part of a long one.
struct TextAtom: Equatable {
    var bytes: Range<Int>
    /// From 1.
    var line: Int
    var isBlank: Bool
    /// The fenced block it is in.
    var block: Int?
    var endsLine: Bool

    /// The atoms of a line, each of `maximum` bytes at most.
    static func atoms(of line: TextLine, number: Int, in source: [UInt8], maximum: Int) -> [TextAtom] {
        // A blank line of a fenced block is one too.
        let isBlank = source[line.bytes].allSatisfy(\.isWhiteSpace)
        let block: Int? = if case .fenced(let block) = line.role { block } else { nil }
        guard line.bytes.count > maximum else {
            return [TextAtom(bytes: line.bytes, line: number, isBlank: isBlank, block: block, endsLine: true)]
        }
        return pieces(of: line.bytes, in: source, maximum: maximum).map { piece in
            TextAtom(
                bytes: piece, line: number, isBlank: source[piece].allSatisfy(\.isWhiteSpace), block: block,
                endsLine: piece.upperBound == line.bytes.upperBound)
        }
    }

    /// Cuts after the last sentence that fits, else after the last word, else between two characters.
    private static func pieces(of range: Range<Int>, in source: [UInt8], maximum: Int) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var cut = PieceCutter(start: range.lowerBound, maximum: maximum)
        for character in String(decoding: source[range], as: UTF8.self) { cut.take(character, into: &pieces) }
        if cut.start < range.upperBound { pieces.append(cut.start..<range.upperBound) }
        return pieces
    }
}

/// Where a long line is cut, found in one pass.
private struct PieceCutter {
    private(set) var start: Int
    private let maximum: Int
    private var end: Int
    private var word: Int?
    private var sentence: Int?
    private var last: Character = " "

    init(start: Int, maximum: Int) {
        self.start = start
        self.maximum = maximum
        end = start
    }

    mutating func take(_ character: Character, into pieces: inout [Range<Int>]) {
        let size = character.utf8.count
        while end + size - start > maximum {
            guard end > start else { return takeHuge(character, into: &pieces) }
            cut(at: sentence ?? word ?? end, into: &pieces)
        }
        end += size
        if character.isWhitespace {
            word = end
            if ".!?;".contains(last) { sentence = end }
        } else if "。！？；".contains(character) {
            (word, sentence) = (end, end)
        }
        last = character
    }

    /// A character longer than a passage, such as a letter under a thousand accents, is cut between its scalars.
    private mutating func takeHuge(_ character: Character, into pieces: inout [Range<Int>]) {
        for scalar in character.unicodeScalars {
            let size = UTF8.width(scalar)
            if end + size - start > maximum { cut(at: end, into: &pieces) }
            end += size
        }
    }

    private mutating func cut(at place: Int, into pieces: inout [Range<Int>]) {
        pieces.append(start..<place)
        start = place
        // What lies before the cut is no place for the next one.
        if let last = word, last <= place { word = nil }
        if let last = sentence, last <= place { sentence = nil }
    }
}
