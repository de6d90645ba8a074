// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import Testing

/// The official JSON-Schema-Test-Suite: every required and optional test of the five drafts, formats asserted.
@Suite struct SchemaSuiteTests {
    @Test(arguments: Self.runs) func passes(run: Run) throws {
        let suite = try SchemaSuite(run.draft, run.area)
        var outcome = Outcome(exceptions: run.exceptions)
        for group in suite.groups { outcome.check(group, of: run, documents: suite.documents) }
        #expect(outcome.count >= run.least, "\(run): fewer tests than the suite is known to have")
        #expect(
            outcome.failures.isEmpty, "\(run): \(outcome.failures.count) of \(outcome.count) fail\n\(outcome.report)")
        #expect(outcome.unneeded.isEmpty, "\(run): no longer fail, so they are no exceptions: \(outcome.unneeded)")
        print("\(run): \(outcome.passed) passed, \(outcome.excepted) excepted, \(outcome.failures.count) failed")
    }

    struct Run: Sendable, CustomTestStringConvertible, CustomStringConvertible {
        let draft: SchemaSuite.Draft
        let area: SchemaSuite.Area
        /// How many tests there are at least; a suite only grows.
        let least: Int

        var description: String { draft.rawValue + area.rawValue }
        var testDescription: String { description }
        var exceptions: [String: String] { schemaSuiteExceptions[description] ?? [:] }
    }

    static let runs: [Run] = [
        Run(draft: .draft4, area: .required, least: 618), Run(draft: .draft4, area: .optional, least: 100),
        Run(draft: .draft4, area: .format, least: 206), Run(draft: .draft6, area: .required, least: 839),
        Run(draft: .draft6, area: .optional, least: 106), Run(draft: .draft6, area: .format, least: 273),
        Run(draft: .draft7, area: .required, least: 927), Run(draft: .draft7, area: .optional, least: 118),
        Run(draft: .draft7, area: .format, least: 581), Run(draft: .draft2019, area: .required, least: 1259),
        Run(draft: .draft2019, area: .optional, least: 158), Run(draft: .draft2019, area: .format, least: 649),
        Run(draft: .draft2020, area: .required, least: 1299), Run(draft: .draft2020, area: .optional, least: 162),
        Run(draft: .draft2020, area: .format, least: 657),
    ]
}

extension SchemaSuiteTests {
    /// What became of the tests of a run.
    struct Outcome {
        let exceptions: [String: String]
        var count = 0
        var passed = 0
        var failures: [String] = []
        private var used: Set<String> = []

        init(exceptions: [String: String]) { self.exceptions = exceptions }

        var excepted: Int { used.count }
        var unneeded: [String] { exceptions.keys.filter { !used.contains($0) }.sorted() }
        var report: String { failures.prefix(60).joined(separator: "\n") }

        mutating func check(_ group: SchemaSuite.Group, of run: Run, documents: [String: JSONValue]) {
            let schema = Result { try compile(group.schema, for: run, documents: documents) }
            for test in group.tests {
                count += 1
                let name = group.name + "/" + test.name
                guard let fault = fault(of: test, by: schema) else {
                    passed += 1
                    continue
                }
                if exceptions[name] == nil { failures.append("\(name): \(fault)") } else { used.insert(name) }
            }
        }

        private func fault(of test: SchemaSuite.Case, by schema: Result<JSONSchema, any Error>) -> String? {
            switch schema {
            case .failure(let error): return "does not compile: \(error)"
            case .success(let schema):
                let verdict = schema.isValid(test.instance)
                let errors = schema.validate(test.instance)
                if verdict != test.isValid { return "is called \(verdict ? "valid" : "invalid")" }
                if errors.isEmpty != verdict { return "is \(verdict), but has \(errors.count) errors" }
                return nil
            }
        }
    }
}
