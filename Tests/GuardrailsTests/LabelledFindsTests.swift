// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@testable import Guardrails

/// Precision and recall of the finders on labelled texts. A find counts as right when its kind and its bytes are as labelled.
@Suite struct LabelledFindsTests {
    typealias Counts = [String: FindCounts]

    private func measured(
        _ name: String, _ lines: [UInt8], _ half: LabelledText.Half, find: (String) -> [LabelledText.Find]
    ) throws -> FindCounts {
        var counts: Counts = [:]
        for line in try LabelledText.all(lines) where line.half == half {
            let found = Set(find(line.text))
            let labelled = Set(line.finds)
            for find in found.intersection(labelled) { counts[find.kind, default: FindCounts()].right += 1 }
            for find in found.subtracting(labelled) {
                counts[find.kind, default: FindCounts()].wrong += 1
                // Held-out texts are not shown, so that nobody tunes by them.
                if half == .tuning { print("wrong \(find) in: \(line.text)") }
            }
            for find in labelled.subtracting(found) {
                counts[find.kind, default: FindCounts()].missed += 1
                if half == .tuning { print("missed \(find) in: \(line.text)") }
            }
        }
        for (kind, count) in counts.sorted(by: { $0.key < $1.key }) {
            print("\(name) \(half.rawValue) \(kind): \(count.description)")
        }
        let total = counts.values.reduce(FindCounts(), +)
        print("\(name) \(half.rawValue) total: \(total.description)")
        return total
    }

    @Test(arguments: LabelledText.Half.allCases) func findsPersonalData(half: LabelledText.Half) throws {
        let guardrail = PersonalDataGuardrail()
        let total = try measured("pii", PackageResources.personal_jsonl, half) { text in
            guardrail.finds(in: text).map { LabelledText.Find(kind: $0.kind.rawValue, range: $0.range) }
        }
        #expect(total.precision >= 0.98)
        #expect(total.recall >= 0.96)
    }

    @Test(arguments: LabelledText.Half.allCases) func findsSecrets(half: LabelledText.Half) throws {
        let guardrail = SecretsGuardrail()
        let total = try measured("secrets", PackageResources.secrets_jsonl, half) { text in
            guardrail.finds(in: text).map { LabelledText.Find(kind: $0.kind.rawValue, range: $0.range) }
        }
        #expect(total.precision >= 0.98)
        #expect(total.recall >= 0.96)
    }

    /// Half of the texts and more hold nothing that is to be found.
    @Test func halfOfTheTextsAreTraps() throws {
        let lines =
            try LabelledText.all(PackageResources.personal_jsonl) + LabelledText.all(PackageResources.secrets_jsonl)
        #expect(lines.count >= 220)
        #expect(lines.count { $0.finds.isEmpty } * 2 >= lines.count)
    }
}
