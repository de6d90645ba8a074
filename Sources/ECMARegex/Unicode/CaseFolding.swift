// SPDX-License-Identifier: Apache-2.0

/// Simple case folding, which decides what is the same where case is ignored: ECMA-262 §22.2.2.7.3 Canonicalize.
enum CaseFolding {
    /// Each class of characters that fold to the same one, sorted; the classes sorted by their least.
    private static let classes: [[UInt32]] = {
        var members: [UInt32: [UInt32]] = [:]
        var codePoint: UInt32 = 0
        UnicodeTable.forEachPair(in: UnicodeTable.caseFolding) { distance, below in
            codePoint += distance
            members[codePoint - below, default: [codePoint - below]].append(codePoint)
        }
        return members.values.sorted { $0[0] < $1[0] }
    }()

    /// The set with everything that differs from a member by case only.
    static func closure(of set: CodePointSet) -> CodePointSet {
        var added: [UInt32] = []
        for members in classes where members.contains(where: set.contains) { added += members }
        added.sort()
        var result = set
        result.formUnion(CodePointSet(sorted: added.map { CodePointRange(lower: $0, upper: $0) }))
        return result
    }

    static func areEqual(_ left: UInt32, _ right: UInt32) -> Bool {
        left == right || classes.contains { $0.contains(left) && $0.contains(right) }
    }
}
