// SPDX-License-Identifier: Apache-2.0

import AgentCore
public import JSONCore

/// One side of a comparison: what is needed of a report, be it made just now or read from a file.
public struct ComparedReport: Sendable {
    struct CaseResult: Sendable {
        var inputHash: String
        /// `nil` when it could not be judged.
        var isRight: Bool?
    }

    public var name: String
    public var model: String?
    public var accuracy: Double?
    public var latencyMedian: Double?
    public var latencyP95: Double?
    public var tokens: Int
    /// In dollars; `nil` when it is not known.
    public var cost: Double?
    public var isPartial: Bool
    var order: [String] = []
    var results: [String: CaseResult] = [:]

    public init(_ report: EvalReport, name: String? = nil) {
        self.name = name ?? report.subject
        model = report.model
        accuracy = report.accuracy.value
        latencyMedian = report.latency.quantile(0.5)
        latencyP95 = report.latency.quantile(0.95)
        tokens = report.usage.totalTokens
        cost = report.cost?.doubleValue
        isPartial = report.isPartial
        for result in report.results {
            note(result.question.id, .init(inputHash: result.question.inputHash, isRight: result.isRight))
        }
    }

    /// Reads what `--json` printed.
    ///
    /// - Throws: ``StoredReportError`` that says what is not as it must be.
    public init(_ json: JSONValue, name: String) throws {
        guard json["type"]?.stringValue == "agent_eval", let results = json["results"]?.arrayValue else {
            throw StoredReportError("expected a report as agent eval --json prints it")
        }
        guard json["version"]?.integerValue == EvalReport.version else {
            throw StoredReportError("a report of another version; make it anew with this one")
        }
        self.name = name
        model = json["model"]?.stringValue
        accuracy = try Self.number(json, "accuracy", "value", in: 0...1)
        latencyMedian = try Self.number(json, "latency", "p50", in: 0...1e9)
        latencyP95 = try Self.number(json, "latency", "p95", in: 0...1e9)
        tokens = json["usage"]?["total_tokens"]?.integerValue.map { Int(clamping: $0) } ?? 0
        cost = try Self.number(json, "usage", "cost", in: 0...1e12)
        isPartial = json["partial"]?.boolValue ?? false
        for (index, result) in results.enumerated() {
            guard let id = result["id"]?.stringValue, let hash = result["input_hash"]?.stringValue else {
                throw StoredReportError("/results/\(index): expected an id and an input_hash")
            }
            note(id, .init(inputHash: hash, isRight: result["right"]?.boolValue))
        }
    }

    private static func number(
        _ json: JSONValue, _ group: String, _ name: String, in range: ClosedRange<Double>
    ) throws -> Double? {
        guard let number = json[group]?[name]?.doubleValue else { return nil }
        guard range.contains(number) else {
            throw StoredReportError(
                "/\(group)/\(name): expected \(range.lowerBound) to \(range.upperBound), found \(number)")
        }
        return number
    }

    private mutating func note(_ id: String, _ result: CaseResult) {
        if results[id] == nil { order.append(id) }
        results[id] = result
    }
}

/// Why a file is no report that can be compared with.
public struct StoredReportError: Error, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}

/// Two reports of the same cases, side by side.
public struct EvalComparison: Sendable {
    public let first: ComparedReport
    public let second: ComparedReport
    public let paired: PairedFigures
    /// Cases that the first got right and the second did not, by id.
    public let lost: [String]
    /// Cases that the second got right and the first did not, by id.
    public let won: [String]
    /// Cases that cannot be paired: one of the sides does not have them, asked something else under that id, or could not judge them.
    public let unpaired: [String]

    public init(_ first: ComparedReport, _ second: ComparedReport) {
        self.first = first
        self.second = second
        var paired = PairedFigures()
        var (lost, won, unpaired): ([String], [String], [String]) = ([], [], [])
        for id in first.order {
            guard let left = first.results[id], let right = second.results[id], left.inputHash == right.inputHash,
                let leftIsRight = left.isRight, let rightIsRight = right.isRight
            else {
                unpaired.append(id)
                continue
            }
            paired.note(first: leftIsRight, second: rightIsRight)
            if leftIsRight, !rightIsRight { lost.append(id) }
            if rightIsRight, !leftIsRight { won.append(id) }
        }
        self.paired = paired
        self.lost = lost
        self.won = won
        self.unpaired = unpaired + second.order.filter { first.results[$0] == nil }
    }

    public var json: JSONValue {
        [
            "first": first.json, "second": second.json, "both_right": .integer(Int64(paired.bothRight)),
            "only_first": .integer(Int64(paired.onlyFirst)), "only_second": .integer(Int64(paired.onlySecond)),
            "both_wrong": .integer(Int64(paired.bothWrong)), "difference": figure(paired.difference),
            "low": figure(paired.interval?.lowerBound), "high": figure(paired.interval?.upperBound),
            "mcnemar_p": .number(paired.pValue), "lost": .array(lost.map { .string($0) }),
            "won": .array(won.map { .string($0) }), "unpaired": .array(unpaired.map { .string($0) }),
        ]
    }
}

extension ComparedReport {
    var json: JSONValue {
        var fields: JSONObject = ["name": .string(name)]
        fields["model"] = model.map { .string($0) }
        fields["accuracy"] = figure(accuracy)
        fields["latency_p50"] = figure(latencyMedian)
        fields["latency_p95"] = figure(latencyP95)
        fields["tokens"] = .integer(Int64(tokens))
        fields["cost"] = figure(cost)
        fields["partial"] = .bool(isPartial)
        return .object(fields)
    }
}

extension EvalCase {
    /// What tells whether two cases of one id ask the same: 64 bits of FNV-1a over roles and texts, in hexadecimal digits.
    var inputHash: String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for message in input {
            for byte in message.role.rawValue.utf8.map({ $0 }) + [0] + message.text.utf8.map({ $0 }) + [0] {
                hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
            }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
