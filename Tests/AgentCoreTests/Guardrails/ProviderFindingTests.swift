// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import Testing

/// Examples are in MistralAPITests; here, that nothing else breaks it.
@Suite struct ProviderFindingTests {
    private static let names = [
        "results", "categories", "category_scores", "category", "score", "threshold", "name", "x",
    ]

    private func value(_ random: inout SystemRandomNumberGenerator, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 5 ? 5 : 8), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .integer(Int64.random(in: -1...2, using: &random))
        case 3: return .number(Double.random(in: -1...2, using: &random))
        case 4: return .string(String(repeating: "s", count: Int.random(in: 0...80, using: &random)))
        case 5: return .array((0..<2).map { _ in value(&random, depth: depth + 1) })
        default:
            var fields: JSONObject = [:]
            for name in Self.names.shuffled(using: &random).prefix(4) {
                fields[name] = value(&random, depth: depth + 1)
            }
            return .object(fields)
        }
    }

    @Test func takesAnyValue() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let findings = ProviderFinding.all(in: value(&random, depth: 0))
            #expect(findings.allSatisfy { $0.category.count <= 64 && $0.guardrail.count <= 80 })
            let scores = findings.map { $0.score ?? 0 }
            #expect(scores == scores.sorted(by: >))
        }
    }
}
