// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import JSONSchemaCore

/// What `agent.new` was given, read and checked.
struct AgentSpec: Sendable {
    var model: JSONValue?
    var instructions: String?
    var toolIDs: [Int] = []
    var output: OutputFormat?
    var toolChoice: ToolChoice = .auto
    var options = ModelOptions()
    var limits = RunLimits()
    /// The script's own guardrails.
    var guardrails: GuardrailPolicy?

    /// - Parameter guardrails: reads what the script says of its guardrails.
    /// - Throws: ``Misuse`` that names the field.
    init(
        _ value: JSONValue, guardrails readGuardrails: (SpecField) throws(Misuse) -> GuardrailPolicy
    ) throws(Misuse) {
        guard case .object(let fields) = value else {
            throw Misuse("agent.new: expected a table, found \(value.typeName)")
        }
        for (name, value) in fields where !value.isNull && name != "guardrails" {
            try read(name, SpecField("agent.new: \(name)", value))
        }
        if let value = fields["guardrails"], !value.isNull {
            let field = SpecField("agent.new: guardrails", value)
            // A list is in the words of the Mistral API.
            if value.arrayValue?.isEmpty == false {
                options.extra["guardrails"] = value
            } else {
                guardrails = try readGuardrails(field)
            }
        }
        if fields["output"] != nil, fields["response_format"] != nil {
            throw Misuse("agent.new: output and response_format exclude each other")
        }
    }

    private mutating func read(_ name: String, _ field: SpecField) throws(Misuse) {
        switch name {
        case "model": model = field.value
        case "instructions": instructions = try field.string()
        case "tools": toolIDs = try field.list().map { Int($0.integerValue ?? 0) }
        case "output": output = .schema(try field.schema(), name: "output")
        case "response_format": output = try responseFormat(field)
        case "tool_choice": toolChoice = try field.toolChoice()
        case "limits": limits = try field.limits()
        default: try readOption(name, field)
        }
    }

    private mutating func readOption(_ name: String, _ field: SpecField) throws(Misuse) {
        switch name {
        case "temperature": options.temperature = try field.number(in: 0...2)
        case "top_p": options.topP = try field.number(in: 0...1)
        case "max_tokens": options.maxTokens = try field.count(from: 0)
        case "stop": options.stop = try field.strings()
        case "random_seed": options.randomSeed = Int64(try field.count(from: 0))
        case "presence_penalty": options.presencePenalty = try field.number(in: -2...2)
        case "frequency_penalty": options.frequencyPenalty = try field.number(in: -2...2)
        case "parallel_tool_calls": options.parallelToolCalls = try field.bool()
        case "prompt_mode": options.promptMode = try field.string()
        case "reasoning_effort": options.reasoningEffort = try field.string()
        case "safe_prompt": options.safePrompt = try field.bool()
        case "metadata": options.metadata = try field.object()
        case "n", "prediction", "prompt_cache_key", "service_tier", "min_tokens", "top_k", "repetition_penalty",
            "logprobs",
            "top_logprobs":
            options.extra[name] = field.value
        default: throw Misuse("agent.new: unknown field '\(name)'")
        }
    }

    private func responseFormat(_ field: SpecField) throws(Misuse) -> OutputFormat? {
        let word = field.value.stringValue ?? field.value["type"]?.stringValue
        switch word {
        case "text": return nil
        case "json_object": return .jsonObject
        case "json_schema":
            guard let schema = field.value["json_schema"]?["schema"] else {
                throw Misuse("\(field.place): json_schema: expected { schema = …, name = … }")
            }
            let name = field.value["json_schema"]?["name"]?.stringValue ?? "output"
            return .schema(try SpecField("\(field.place).json_schema.schema", schema).schema(), name: name)
        default: throw Misuse("\(field.place): expected \"text\", \"json_object\" or a json_schema table")
        }
    }
}

/// One field of a spec, with the checks that name it.
struct SpecField {
    let place: String
    let value: JSONValue

    init(_ place: String, _ value: JSONValue) {
        self.place = place
        self.value = value
    }

    private func wrong(_ expected: String) -> Misuse {
        Misuse("\(place): expected \(expected), found \(value.typeName)")
    }

    func string() throws(Misuse) -> String {
        guard let text = value.stringValue else { throw wrong("a string") }
        return text
    }

    func bool() throws(Misuse) -> Bool {
        guard let bool = value.boolValue else { throw wrong("a boolean") }
        return bool
    }

    func list() throws(Misuse) -> [JSONValue] {
        // Lua's empty table is a list as well.
        if value.objectValue?.isEmpty == true { return [] }
        guard let list = value.arrayValue else { throw wrong("a list") }
        return list
    }

    func object() throws(Misuse) -> JSONObject {
        guard let object = value.objectValue else { throw wrong("a table with string keys") }
        return object
    }

    func strings() throws(Misuse) -> [String] {
        if let one = value.stringValue { return [one] }
        let texts = try list().compactMap(\.stringValue)
        guard texts.count == (value.arrayValue ?? []).count else { throw wrong("a string or a list of strings") }
        return texts
    }

    func number(in range: ClosedRange<Double>) throws(Misuse) -> Double {
        guard let number = value.doubleValue else { throw wrong("a number") }
        guard range.contains(number) else {
            throw Misuse("\(place): expected \(range.lowerBound) to \(range.upperBound), found \(number)")
        }
        return number
    }

    func dollars() throws(Misuse) -> Dollars {
        guard let number = value.doubleValue else { throw wrong("a number") }
        guard let dollars = Dollars(number) else {
            throw Misuse(
                "\(place): expected dollars, 0 or more, with at most 12 places after the point, found \(number)")
        }
        return dollars
    }

    func count(from least: Int) throws(Misuse) -> Int {
        guard let number = value.integerValue else { throw wrong("an integer") }
        guard number >= Int64(least), number <= Int64(Int.max) else {
            throw Misuse("\(place): expected \(least) or more, found \(number)")
        }
        return Int(number)
    }

    func schema() throws(Misuse) -> JSONSchema {
        do {
            return try JSONSchema(value, options: .assertingFormats)
        } catch {
            throw Misuse("\(place): \(error)")
        }
    }

    func toolChoice() throws(Misuse) -> ToolChoice {
        switch value.stringValue {
        case "auto": return .auto
        case "none": return .none
        case "any", "required": return .any
        default: break
        }
        guard let name = value["function"]?["name"]?.stringValue ?? value["name"]?.stringValue else {
            throw wrong("\"auto\", \"none\", \"any\", \"required\" or { name = \"TOOL\" }")
        }
        return .named(name)
    }

    func limits() throws(Misuse) -> RunLimits {
        var limits = RunLimits()
        for (name, value) in try object() {
            let field = SpecField("\(place).\(name)", value)
            switch name {
            case "turns": limits.turns = try field.count(from: 1)
            case "tool_calls": limits.toolCalls = try field.count(from: 0)
            case "tokens": limits.tokens = try field.count(from: 1)
            case "usd": limits.usd = try field.dollars()
            case "seconds": limits.time = .seconds(try field.number(in: 0...1e9))
            case "repeats": limits.repeats = try field.count(from: 1)
            case "repairs": limits.repairs = try field.count(from: 0)
            default: throw Misuse("\(place): unknown limit '\(name)'")
            }
        }
        return limits
    }
}
