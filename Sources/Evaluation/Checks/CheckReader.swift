// SPDX-License-Identifier: Apache-2.0

import ECMARegex
import JSONCore
import JSONSchemaCore

/// Reads the `check` of a case: a name, an object, or a list of these.
struct CheckReader {
    /// What stands for a value that the check does not name itself.
    let expected: JSONValue?
    let rubric: Rubric?

    func checks(_ value: JSONValue, at pointer: JSONPointer) throws -> [EvalCheck] {
        guard let values = value.arrayValue else { return [try check(value, at: pointer)] }
        return try values.enumerated().map { try check($1, at: pointer.appending($0)) }
    }

    private func check(_ value: JSONValue, at pointer: JSONPointer) throws -> EvalCheck {
        if let text = value.stringValue {
            guard let name = EvalCheck.Name(rawValue: text), name != .verdict else { throw unknown(text, pointer) }
            return try check(name, try FieldReader([:], at: pointer, known: []))
        }
        guard let type = value["type"]?.stringValue else {
            throw FieldFault(pointer, expected: "a check: a name or an object with a type", found: value)
        }
        guard let name = EvalCheck.Name(rawValue: type), let keys = Self.keys[name] else {
            throw unknown(type, pointer.appending("type"))
        }
        return try check(name, try FieldReader(value, at: pointer, known: ["type", "advisory"] + keys))
    }

    private func unknown(_ name: String, _ pointer: JSONPointer) -> FieldFault {
        let names = EvalCheck.Name.allCases.filter { $0 != .verdict }.map(\.rawValue)
        return FieldFault(pointer, "no check is called \"\(name)\"; there are \(names.joined(separator: ", "))")
    }

    private static let keys: [EvalCheck.Name: [String]] = [
        .exact: ["value", "ignore_case"], .contains: ["value", "ignore_case"], .notContains: ["value", "ignore_case"],
        .regex: ["pattern", "must"], .json: ["value", "pointer", "subset"], .label: ["value", "pointer", "labels"],
        .number: ["value", "tolerance", "relative", "pointer"], .schema: ["schema"], .tools: ["calls", "order", "not"],
        .refused: ["value"], .blocked: ["value"], .latency: ["seconds"], .tokens: ["max"], .judge: ["rubric"],
    ]

    func check(_ name: EvalCheck.Name, _ fields: FieldReader) throws -> EvalCheck {
        // What an answer took says nothing about whether it is right.
        let isAdvisory = try fields.bool("advisory") ?? (name == .latency || name == .tokens)
        return EvalCheck(try kind(name, fields), isAdvisory: isAdvisory)
    }

    private func kind(_ name: EvalCheck.Name, _ fields: FieldReader) throws -> EvalCheck.Kind {
        switch name {
        case .exact: .exact(try text(fields), ignoresCase: try fields.bool("ignore_case") ?? false)
        case .contains: .contains(try texts(fields), ignoresCase: try fields.bool("ignore_case") ?? false)
        case .notContains: .containsNone(try texts(fields), ignoresCase: try fields.bool("ignore_case") ?? false)
        case .regex: try regex(fields)
        case .json:
            .json(
                try value(fields, "a value"), pointer: try fields.pointer("pointer") ?? JSONPointer(),
                isSubset: try fields.bool("subset") ?? false)
        case .label:
            .label(
                LabelCheck(
                    try text(fields), pointer: try fields.pointer("pointer"),
                    labels: try fields.strings("labels") ?? []))
        case .number: .number(try number(fields))
        case .schema: .schema(try schema(fields))
        case .tools: .tools(try trajectory(fields))
        case .refused: .refused(try fields.bool("value") ?? true)
        case .blocked: .blocked(try fields.bool("value") ?? true)
        case .latency: .latency(try needed(fields, "seconds", try fields.number("seconds")))
        case .tokens: .tokens(Int(clamping: Int64(try needed(fields, "max", try fields.number("max")).rounded(.down))))
        case .judge: .judge(try judged(fields))
        case .verdict: throw FieldFault(fields.pointer, "is for guardrails, by the case's label")
        }
    }

    // MARK: - Values

    /// The check's own value, else what the case expects.
    private func value(_ fields: FieldReader, _ what: String) throws(FieldFault) -> JSONValue {
        guard let value = fields.fields["value"] ?? expected else {
            throw FieldFault(fields.pointer, "needs \(what), here as value or as what the case expects")
        }
        return value
    }

    private func text(_ fields: FieldReader) throws(FieldFault) -> String {
        let value = try value(fields, "a text")
        guard let text = value.stringValue else { throw FieldFault(fields.pointer, expected: "a text", found: value) }
        return text
    }

    private func texts(_ fields: FieldReader) throws(FieldFault) -> [String] {
        let value = try value(fields, "a text or a list of texts")
        let texts = value.stringValue.map { [$0] } ?? value.arrayValue?.compactMap(\.stringValue) ?? []
        guard !texts.isEmpty, texts.count == value.arrayValue?.count ?? 1, !texts.contains("") else {
            throw FieldFault(fields.pointer, "needs a text or a list of texts, none of them empty")
        }
        return texts
    }

    private func needed(_ fields: FieldReader, _ key: String, _ number: Double?) throws(FieldFault) -> Double {
        guard let number, number <= 1e15 else { throw fields.fault(key, expected: "a number, 0 or more") }
        return number
    }

    private func number(_ fields: FieldReader) throws -> NumberCheck {
        let value = try value(fields, "a number")
        guard let number = value.doubleValue else {
            throw FieldFault(fields.pointer, expected: "a number", found: value)
        }
        return NumberCheck(
            number, tolerance: try fields.number("tolerance") ?? 0, relative: try fields.number("relative") ?? 0,
            pointer: try fields.pointer("pointer"))
    }

    private func regex(_ fields: FieldReader) throws -> EvalCheck.Kind {
        guard let pattern = try fields.string("pattern") ?? expected?.stringValue else {
            throw fields.fault("pattern", expected: "a pattern")
        }
        let must: MatchWord = try fields.word("must") ?? .match
        do {
            return .regex(try ECMARegex(pattern), mustMatch: must == .match)
        } catch {
            throw FieldFault(fields.place("pattern"), "not a pattern of ECMA-262: \(error)")
        }
    }

    private enum MatchWord: String, CaseIterable {
        case match
        case notMatch = "not_match"
    }

    private func schema(_ fields: FieldReader) throws -> JSONSchema {
        let place = fields.place("schema")
        guard let value = fields["schema"] ?? expected else { throw fields.fault("schema", expected: "a JSON Schema") }
        do {
            let document = try value.stringValue.map { try SchemaNotation($0).document } ?? value
            return try JSONSchema(document, options: .assertingFormats)
        } catch let error as SchemaError {
            throw FieldFault(place, "not a schema: \(error)")
        } catch let error as SchemaNotation.Failure {
            throw FieldFault(place, "not a list of fields: \(error)")
        }
    }

    private func trajectory(_ fields: FieldReader) throws -> ToolTrajectory {
        let place = fields.place("calls")
        guard let values = (fields["calls"] ?? (fields["not"] == nil ? expected : [])).flatMap(\.arrayValue) else {
            throw fields.fault("calls", expected: "a list of calls")
        }
        let calls = try values.enumerated().map { index, value in
            if let name = value.stringValue { return ToolTrajectory.Call(name) }
            let call = try FieldReader(value, at: place.appending(index), known: ["name", "arguments"])
            guard let name = try call.string("name") else { throw call.fault("name", expected: "a tool's name") }
            return ToolTrajectory.Call(name, arguments: call["arguments"])
        }
        let trajectory = ToolTrajectory(
            calls, order: try fields.word("order") ?? .inOrder,
            forbidden: try fields.strings("not", allowsOne: true) ?? [])
        // A check that cannot fail is none.
        if calls.isEmpty, trajectory.forbidden.isEmpty, trajectory.order != .exact {
            throw FieldFault(place, "names no call, which every answer passes; for no calls at all say order \"exact\"")
        }
        return trajectory
    }

    private func judged(_ fields: FieldReader) throws(FieldFault) -> Rubric {
        if let value = fields["rubric"] { return try Rubric(value, at: fields.place("rubric")) }
        guard let rubric else { throw fields.fault("rubric", expected: "a rubric here, in the case, or by --rubric") }
        return rubric
    }
}

extension Rubric {
    /// A text, or `{ "criteria", "scale", "pass" }`.
    init(_ value: JSONValue, at pointer: JSONPointer) throws(FieldFault) {
        if let text = value.stringValue, !text.isEmpty {
            self.init(text)
            return
        }
        let fields = try FieldReader(value, at: pointer, known: ["criteria", "scale", "pass"])
        guard let criteria = try fields.string("criteria") else { throw fields.fault("criteria", expected: "a text") }
        self.init(criteria)
        if let scale = try fields.strings("scale") { self.scale = scale }
        if let passing = try fields.strings("pass", allowsOne: true) { self.passing = passing }
        guard scale.count >= 2, Set(scale).count == scale.count else {
            throw FieldFault(fields.place("scale"), "expected two or more different verdicts")
        }
        guard !passing.isEmpty, passing.allSatisfy(scale.contains), passing.count < scale.count else {
            throw FieldFault(
                fields.place("pass"), "expected some of the scale and not all of it: \(scale.joined(separator: ", "))")
        }
    }
}
