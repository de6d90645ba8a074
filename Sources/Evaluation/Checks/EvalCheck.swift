// SPDX-License-Identifier: Apache-2.0

public import ECMARegex
public import JSONCore
public import JSONSchemaCore

/// One thing that an answer is held to.
public struct EvalCheck: Sendable {
    public enum Kind: Sendable {
        /// The answer is this text, white space at its ends aside.
        case exact(String, ignoresCase: Bool)
        /// The answer contains all of these.
        case contains([String], ignoresCase: Bool)
        /// The answer contains none of these.
        case containsNone([String], ignoresCase: Bool)
        /// The pattern is found in the answer, or is not.
        case regex(ECMARegex, mustMatch: Bool)
        /// The answer, or what `pointer` finds in it, equals the value, or has at least what it has.
        case json(JSONValue, pointer: JSONPointer, isSubset: Bool)
        /// The answer names this label and no other.
        case label(LabelCheck)
        /// The last number of the answer, or the one at `pointer`.
        case number(NumberCheck)
        /// The answer is JSON that the schema accepts.
        case schema(JSONSchema)
        /// The calls of tools on the way to the answer.
        case tools(ToolTrajectory)
        /// The answer is a refusal or was blocked, or neither.
        case refused(Bool)
        /// A guardrail ended the run, or none did.
        case blocked(Bool)
        /// What a guardrail that is judged itself is to say.
        case verdict(EvalCase.Label)
        /// Seconds to the whole answer, at most.
        case latency(Double)
        /// Tokens of prompt and answer together, at most.
        case tokens(Int)
        /// A model judges by a rubric.
        case judge(Rubric)
    }

    public var kind: Kind
    /// Whether it is reported only: a case can pass without it.
    public var isAdvisory: Bool

    public init(_ kind: Kind, isAdvisory: Bool = false) {
        self.kind = kind
        self.isAdvisory = isAdvisory
    }

    /// Its name in labelled sets and reports.
    public var name: String { Name(kind).rawValue }

    /// The names of checks in labelled sets and of `--check`.
    public enum Name: String, Sendable, CaseIterable {
        case exact, contains
        case notContains = "not_contains"
        case regex, json, label, number, schema, tools, refused, blocked, verdict, latency, tokens, judge

        init(_ kind: Kind) {
            self =
                switch kind {
                case .exact: .exact
                case .contains: .contains
                case .containsNone: .notContains
                case .regex: .regex
                case .json: .json
                case .label: .label
                case .number: .number
                case .schema: .schema
                case .tools: .tools
                case .refused: .refused
                case .blocked: .blocked
                case .verdict: .verdict
                case .latency: .latency
                case .tokens: .tokens
                case .judge: .judge
                }
        }
    }
}

/// What a model judges an answer by.
public struct Rubric: Sendable, Equatable {
    public var criteria: String
    /// The verdicts that there are; the judge can say nothing else.
    public var scale: [String]
    /// The verdicts with which an answer passes.
    public var passing: [String]

    public init(_ criteria: String, scale: [String] = ["pass", "fail"], passing: [String] = ["pass"]) {
        self.criteria = criteria
        self.scale = scale
        self.passing = passing
    }
}

/// A number and how far from it the answer's may be.
public struct NumberCheck: Sendable, Equatable {
    public var value: Double
    /// How far off in all.
    public var tolerance: Double
    /// How far off as a share of the value: 0.01 is one per cent. The larger of the two counts.
    public var relative: Double
    /// Where in a JSON answer the number stands; `nil` for the last number of the text.
    public var pointer: JSONPointer?

    public init(_ value: Double, tolerance: Double = 0, relative: Double = 0, pointer: JSONPointer? = nil) {
        self.value = value
        self.tolerance = tolerance
        self.relative = relative
        self.pointer = pointer
    }

    func accepts(_ number: Double) -> Bool {
        (number - value).magnitude <= max(tolerance, relative * value.magnitude)
    }

    /// The last number of `text`, written in digits as in `-1,234.5` or `3e8`.
    static func last(in text: String) -> Double? {
        let bytes = Array(text.utf8)
        var end = bytes.count
        while end > 0 {
            guard isDigit(bytes[end - 1]) else {
                end -= 1
                continue
            }
            var start = end
            while start > 0, isPart(bytes, start - 1) { start -= 1 }
            let digits = bytes[start..<end].filter { $0 != 0x2C }
            let text = String(decoding: digits.drop { !isDigit($0) && $0 != 0x2D && $0 != 0x2E }, as: UTF8.self)
            if let number = Double(text) { return number }
            return Double(String(decoding: digits.reversed().prefix(while: isDigit).reversed(), as: UTF8.self))
        }
        return nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Digits, and the signs, points, commas and exponents between them.
    private static func isPart(_ bytes: [UInt8], _ index: Int) -> Bool {
        let byte = bytes[index]
        if isDigit(byte) { return true }
        switch byte {
        case 0x2E, 0x2C: return index + 1 < bytes.count && isDigit(bytes[index + 1])
        case 0x2D, 0x2B:
            // A sign, unless it joins two words or numbers, as in 2020-12.
            let before = index > 0 ? bytes[index - 1] : 0x20
            return byte == 0x2D && (before <= 0x20 || [0x28, 0x3D, 0x3A, 0x24, 0x65, 0x45].contains(before))
                || byte == 0x2B && (before == 0x65 || before == 0x45)
        case 0x65, 0x45:
            guard index > 0, index + 1 < bytes.count, isDigit(bytes[index - 1]) else { return false }
            return isDigit(bytes[index + 1]) || bytes[index + 1] == 0x2D || bytes[index + 1] == 0x2B
        default: return false
        }
    }
}
