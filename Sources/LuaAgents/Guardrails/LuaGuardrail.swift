// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaRuntime

/// A Lua function as a guardrail: each check is a coroutine of its own on the script's state.
struct LuaGuardrail: Guardrail {
    let name: String
    let judgesSentences: Bool
    /// Its function is run again; what it asks is answered by the journal.
    var isReplayable: Bool { true }
    private let id: Int64
    /// How much of what came before a sentence the function is told, in characters: all of it each time would be the square.
    private static let beforeLength = 4000
    /// Whether the function is told the conversation.
    private let takesMessages: Bool
    private let state: LuaState
    private let door: Door

    init(_ spec: GuardrailSpec, state: LuaState, door: Door) throws(Misuse) {
        name = try spec.name()
        judgesSentences = try !spec.flag("whole")
        takesMessages = try spec.flag("messages")
        id = Int64(try spec.field("id")?.count(from: 1) ?? 0)
        self.state = state
        self.door = door
    }

    func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict {
        let answer: LuaMessage
        do {
            answer = try await JournalScope.beside {
                try await door.enter(
                    state, "call_guardrail", .of(.integer(id), .string(subject.text), context(of: subject)))
            }
        } catch let error as LuaError {
            throw error.redacted(by: door.environment.secrets)
        }
        return try GuardrailVerdict(scriptValue: try answer.json(at: 0), of: subject.stage)
    }

    private func context(of subject: GuardrailSubject) -> JSONValue {
        var fields: JSONObject = [
            "stage": .string(subject.stage.rawValue),
            "before": .string(String(subject.before.suffix(Self.beforeLength))),
        ]
        if subject.stage == .output { fields["final"] = .bool(subject.isFinal) }
        if subject.stage == .toolResult { fields["is_error"] = .bool(subject.isError) }
        if let call = subject.toolCall {
            fields["tool"] = .string(call.name)
            let arguments = call.arguments.isEmpty ? "{}" : call.arguments
            fields["arguments"] = (try? JSONValue(parsing: arguments)) ?? .string(arguments)
        }
        if takesMessages { fields["messages"] = .array(subject.conversation.map(\.scriptValue)) }
        return .object(fields)
    }
}

extension GuardrailVerdict {
    /// What a function of a script returned, as guardrails.lua hands it on.
    fileprivate init(scriptValue value: JSONValue, of stage: GuardrailStage) throws(Misuse) {
        let place = "what the guardrail returned"
        guard let fields = value.objectValue else {
            throw Misuse("\(place): expected a table, found \(value.typeName)")
        }
        let finding = try GuardrailFinding(scriptValue: fields, at: place)
        switch fields["action"]?.stringValue {
        case "pass": self = .pass
        case "flag": self = .flag(finding)
        case "block": self = .block(finding)
        case "replace":
            if let text = fields["text"]?.stringValue {
                self = .replace(text, finding)
            } else if stage == .toolCall, let arguments = fields["arguments"], let text = try? arguments.serialized() {
                self = .replace(text, finding)
            } else {
                throw Misuse("\(place): text: expected a string in place of what was judged")
            }
        default: throw Misuse("\(place): action: expected \"pass\", \"flag\", \"replace\" or \"block\"")
        }
    }
}

extension GuardrailFinding {
    fileprivate init(scriptValue fields: JSONObject, at place: String) throws(Misuse) {
        let field = { (name: String) in
            fields[name].flatMap { $0.isNull ? nil : SpecField("\(place): \(name)", $0) }
        }
        self.init(
            try field("reason")?.string() ?? "its function says so", category: try field("category")?.string(),
            score: try field("score")?.number(in: 0...1), threshold: try field("threshold")?.number(in: 0...1))
    }
}
