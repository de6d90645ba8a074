// SPDX-License-Identifier: Apache-2.0

/// Decides which atoms of a section make a passage.
struct ChunkPacker {
    private let chunking: Chunking
    private let atoms: [TextAtom]

    /// - Parameter atoms: none larger than a passage less its overlap.
    init(_ chunking: Chunking, _ atoms: [TextAtom]) {
        self.chunking = chunking
        self.atoms = atoms
    }

    /// Runs of atoms, each no larger than a passage and none beginning with a blank line.
    func ranges() -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        guard var new = firstText(from: 0) else { return ranges }
        var start = new
        while true {
            let end = bestEnd(from: start, over: new)
            ranges.append(start..<end)
            guard let next = firstText(from: end) else { return ranges }
            new = next
            start = firstText(from: overlapStart(start..<end)) ?? new
            // White space between the two may leave no room for what they would share.
            if atoms[new].bytes.upperBound - atoms[start].bytes.lowerBound > chunking.maximumBytes { start = new }
        }
    }

    /// The first atom from `index` on that is not blank.
    private func firstText(from index: Int) -> Int? { atoms[index...].firstIndex { !$0.isBlank } }

    /// The end of the passage that starts at `start` and holds the atom `least`, which fits.
    private func bestEnd(from start: Int, over least: Int) -> Int {
        let limit = atoms[start].bytes.lowerBound + chunking.maximumBytes
        var end = least + 1
        while end < atoms.count, atoms[end].bytes.upperBound <= limit { end += 1 }
        if end == atoms.count { return end }
        let half = atoms[start].bytes.lowerBound + chunking.maximumBytes / 2
        var best = end
        for candidate in stride(from: end, to: least, by: -1) where atoms[candidate - 1].bytes.upperBound >= half {
            if cut(before: candidate) > cut(before: best) { best = candidate }
        }
        if cut(before: best) == .inFence, let fence = fenceStart(before: best), fence > least { return fence }
        return best
    }

    private enum Cut: Int, Comparable {
        case inLine, inFence, afterLine, afterParagraph
        static func < (left: Cut, right: Cut) -> Bool { left.rawValue < right.rawValue }
    }

    private func cut(before index: Int) -> Cut {
        let (last, next) = (atoms[index - 1], atoms[index])
        if !last.endsLine { return .inLine }
        if let block = last.block, block == next.block { return .inFence }
        return last.isBlank || next.isBlank || last.block != next.block ? .afterParagraph : .afterLine
    }

    /// Where the fenced block around `index` begins, if it fits into a passage.
    private func fenceStart(before index: Int) -> Int? {
        let block = atoms[index].block
        guard let first = atoms[..<index].lastIndex(where: { $0.block != block }).map({ $0 + 1 }) else { return nil }
        let end = atoms[index...].firstIndex { $0.block != block } ?? atoms.count
        let size = atoms[end - 1].bytes.upperBound - atoms[first].bytes.lowerBound
        return size <= chunking.maximumBytes ? first : nil
    }

    /// Where the passage after `range` starts: as far back as the overlap allows, but beyond where `range` starts.
    private func overlapStart(_ range: Range<Int>) -> Int {
        var start = range.upperBound
        let end = atoms[start - 1].bytes.upperBound
        while start - 1 > range.lowerBound, end - atoms[start - 1].bytes.lowerBound <= chunking.overlapBytes {
            start -= 1
        }
        return start
    }
}
