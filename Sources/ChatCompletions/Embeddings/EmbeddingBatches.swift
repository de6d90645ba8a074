// SPDX-License-Identifier: Apache-2.0

/// Decides how a long list of texts is cut into requests.
package struct EmbeddingBatches: Sendable, Equatable {
    /// Texts of a request at most.
    package var maxInputs: Int
    /// Bytes of UTF-8 of a request at most; a longer text goes alone.
    package var maxBytes: Int

    package init(maxInputs: Int, maxBytes: Int) {
        self.maxInputs = max(1, maxInputs)
        self.maxBytes = maxBytes
    }

    /// Neighbours that may share a request, in order, each text in exactly one range.
    package func split(_ inputs: [String]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        var bytes = 0
        for (place, input) in inputs.enumerated() {
            let size = input.utf8.count
            if place > start, place - start == maxInputs || bytes + size > maxBytes {
                ranges.append(start..<place)
                (start, bytes) = (place, 0)
            }
            bytes += size
        }
        if start < inputs.count { ranges.append(start..<inputs.count) }
        return ranges
    }

    /// The two halves of a range that a server found too long; `nil` for a single text.
    static func halves(of range: Range<Int>) -> [Range<Int>]? {
        guard range.count > 1 else { return nil }
        let middle = range.lowerBound + range.count / 2
        return [range.lowerBound..<middle, middle..<range.upperBound]
    }
}
