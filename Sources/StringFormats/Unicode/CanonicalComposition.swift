// SPDX-License-Identifier: Apache-2.0

/// Normalization form C (UAX #15) for characters that RFC 5892 allows in labels. None of them is a conjoining Hangul
/// letter or has a decomposition that composition does not undo, so the pairs of the table are all it takes.
enum CanonicalComposition {
    /// Whether the scalars are in form C.
    static func isComposed(_ scalars: [Unicode.Scalar]) -> Bool {
        // Alone, each of the characters is in form C; only these two kinds can change what stands before them.
        let mayChange = scalars.contains { combiningClass($0.value) != 0 || composesWithOneBefore($0.value) }
        guard mayChange else { return true }
        return composed(scalars.map(\.value)).elementsEqual(scalars.lazy.map(\.value))
    }

    /// The scalars in form C.
    static func composed(_ scalars: [UInt32]) -> [UInt32] {
        var normal: [UInt32] = []
        for scalar in scalars { appendDecomposed(scalar, to: &normal) }
        order(&normal)
        compose(&normal)
        return normal
    }

    private static func combiningClass(_ value: UInt32) -> UInt8 {
        Unicode.Scalar(value)?.properties.canonicalCombiningClass.rawValue ?? 0
    }

    private static func appendDecomposed(_ value: UInt32, to output: inout [UInt32]) {
        if let pair = IDNATables.decomposition(of: value) {
            appendDecomposed(pair.first, to: &output)
            output.append(pair.second)
        } else {
            output.append(value)
        }
    }

    /// Sorts each run of marks by combining class and leaves equal ones in their order.
    private static func order(_ values: inout [UInt32]) {
        for end in values.indices.dropFirst() {
            var index = end
            let rank = combiningClass(values[end])
            while rank > 0, index > 0, combiningClass(values[index - 1]) > rank {
                values.swapAt(index - 1, index)
                index -= 1
            }
        }
    }

    private static func compose(_ values: inout [UInt32]) {
        var output: [UInt32] = []
        var starter: Int?
        for value in values {
            let rank = combiningClass(value)
            if let starter {
                let isNext = starter == output.count - 1
                let isBlocked = !isNext && combiningClass(output[output.count - 1]) >= rank
                if !isBlocked, let composite = IDNATables.composition(of: output[starter], and: value) {
                    output[starter] = composite
                    continue
                }
            }
            if rank == 0 { starter = output.count }
            output.append(value)
        }
        values = output
    }

    private static func composesWithOneBefore(_ value: UInt32) -> Bool {
        IDNATables.isSecondOfComposition(value)
    }
}
