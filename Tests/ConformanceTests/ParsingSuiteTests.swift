// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

/// nst/JSONTestSuite: the `y_` files must be accepted, the `n_` files refused, and the `i_` files as it is written here.
@Suite struct ParsingSuiteTests {
    /// Files that must be accepted by the suite and are refused on purpose.
    static let refusedOnPurpose = [
        "y_object_duplicated_key.json": "RFC 8259 §4: names should be unique; what two of them mean is not defined",
        "y_object_duplicated_key_and_value.json": "as above",
    ]

    /// The files that RFC 8259 leaves to the parser and this one accepts.
    static let acceptedByChoice: Set<String> = [
        // Rounded, to 0 too; what would round to infinity is refused.
        "i_number_double_huge_neg_exp.json", "i_number_real_underflow.json", "i_number_too_big_neg_int.json",
        "i_number_too_big_pos_int.json", "i_number_very_big_negative_int.json",
    ]

    @Test func givesTheRightVerdicts() throws {
        let folder = try SuiteFolder("json-parsing")
        let names = folder.names(in: "test_parsing")
        var counts: [Character: Int] = [:]
        for name in names {
            let verdict = try Verdicts(folder.bytes(of: "test_parsing/" + name))
            #expect(verdict.disagreement == nil, "\(name): \(verdict.disagreement ?? "")")
            #expect(verdict.isAccepted == Self.shouldAccept(name), "\(name)")
            counts[name.first ?? " ", default: 0] += 1
        }
        #expect(counts["y", default: 0] >= 95 && counts["n", default: 0] >= 188 && counts["i", default: 0] >= 35)
        #expect(Set(names).isSuperset(of: Self.acceptedByChoice.union(Self.refusedOnPurpose.keys)))
        print("parsing: \(counts["y", default: 0]) y_, \(counts["n", default: 0]) n_, \(counts["i", default: 0]) i_")
    }

    private static func shouldAccept(_ name: String) -> Bool {
        switch name.first {
        case "y": refusedOnPurpose[name] == nil
        case "n": false
        default: acceptedByChoice.contains(name)
        }
    }
}

/// What all ways of reading a text make of it.
struct Verdicts {
    let isAccepted: Bool
    /// The first way that differs from the whole text read at once.
    let disagreement: String?

    init(_ bytes: [UInt8]) {
        let whole = Result { () throws(JSONError) in try JSONValue(parsing: bytes) }
        var disagreement: String?
        for step in [1, 2, 3, 7, 64] where disagreement == nil && Self.read(bytes, step: step) != whole {
            disagreement = "in pieces of \(step): \(Self.read(bytes, step: step)), as a whole: \(whole)"
        }
        isAccepted = (try? whole.get()) != nil
        if let value = try? whole.get(), disagreement == nil, let text = try? value.serializedBytes() {
            if (try? JSONValue(parsing: text)) != value { disagreement = "written and read again it differs" }
        }
        self.disagreement = disagreement
    }

    private static func read(_ bytes: [UInt8], step: Int) -> Result<JSONValue, JSONError> {
        Result { () throws(JSONError) in
            var parser = JSONIncrementalParser()
            for start in stride(from: 0, to: bytes.count, by: step) {
                try parser.feed(bytes[start..<min(start + step, bytes.count)])
            }
            return try parser.finish()
        }
    }
}
