// SPDX-License-Identifier: Apache-2.0

/// Cuts documents into passages, always the same way.
///
/// A section of Markdown is never mixed with another one, a fenced block that fits is kept whole, and cuts fall between
/// paragraphs where they can, else between lines, else between sentences, words or characters. A passage is a run of
/// the document's bytes; between passages nothing is left out but white space.
package struct Chunker: Sendable {
    private let chunking: Chunking

    package init(_ chunking: Chunking = Chunking()) { self.chunking = chunking }

    /// - Parameter source: UTF-8.
    package func chunks(of source: [UInt8], isMarkdown: Bool) -> [Chunk] {
        var lines = TextLine.split(source)
        if isMarkdown {
            var scanner = MarkdownScanner(source)
            lines = scanner.roles(lines)
        }
        return Self.sections(lines).flatMap { chunks(of: $0, lines, source) }
    }

    /// `chunk` in smaller passages, for a model that finds it too long; `nil` when it is too small for that.
    package func split(_ chunk: Chunk) -> [Chunk]? {
        guard chunk.bytes.count >= 128 else { return nil }
        let half = Chunker(Chunking(maximumBytes: (chunk.bytes.count + 1) / 2, overlapBytes: 0))
        let parts = half.chunks(of: Array(chunk.text.utf8), isMarkdown: false)
        return parts.enumerated().map { index, part in
            let start = chunk.bytes.lowerBound
            let line = chunk.lines.lowerBound - 1
            return Chunk(
                bytes: part.bytes.lowerBound + start..<part.bytes.upperBound + start,
                lines: part.lines.lowerBound + line...part.lines.upperBound + line, headings: chunk.headings,
                context: index == 0 ? chunk.context : chunk.headings, text: part.text)
        }
    }

    // MARK: - Sections

    /// Lines under the same headings, with those headings' lines.
    private struct Section {
        var lines: Range<Int>
        /// The headings above its first line.
        var above: [(level: Int, title: String)]
        /// The headings that hold for its text.
        var headings: [(level: Int, title: String)]
        var hasText = false
    }

    private static func sections(_ lines: [TextLine]) -> [Section] {
        var sections = [Section(lines: 0..<0, above: [], headings: [])]
        for (index, line) in lines.enumerated() {
            var section = sections[sections.count - 1]
            if case .heading(let level, let title) = line.role {
                if section.hasText {
                    section = Section(lines: index..<index, above: section.headings, headings: section.headings)
                    sections.append(section)
                }
                section.headings.removeAll { $0.level >= level }
                section.above.removeAll { $0.level >= level }
                section.headings.append((level, title))
            } else if line.role != .blank {
                section.hasText = true
            }
            section.lines = section.lines.lowerBound..<index + 1
            sections[sections.count - 1] = section
        }
        return sections
    }

    private func chunks(of section: Section, _ lines: [TextLine], _ source: [UInt8]) -> [Chunk] {
        let maximum = chunking.maximumBytes - chunking.overlapBytes
        let atoms = section.lines.flatMap { index in
            TextAtom.atoms(of: lines[index], number: index + 1, in: source, maximum: maximum)
        }
        let headings = section.headings.map(\.title)
        return ChunkPacker(chunking, atoms).ranges().compactMap { range in
            chunk(
                atoms[range], source, headings, context: range.lowerBound == 0 ? section.above.map(\.title) : headings)
        }
    }

    private func chunk(
        _ atoms: ArraySlice<TextAtom>, _ source: [UInt8], _ headings: [String], context: [String]
    ) -> Chunk? {
        guard let first = atoms.first, let last = atoms.last(where: { !$0.isBlank }) else { return nil }
        let text = source[first.bytes.lowerBound..<last.bytes.upperBound].trimmedEnd
        return Chunk(
            bytes: text.startIndex..<text.endIndex, lines: first.line...last.line, headings: headings, context: context,
            text: String(decoding: text, as: UTF8.self))
    }
}
