// SPDX-License-Identifier: Apache-2.0

package import AgentCore
package import JSONCore
import LuaRuntime

extension Door {
    func moderate(_ request: DoorRequest) async throws -> LuaAnswer {
        try await judge(request, "agent.moderate", { try $0.moderationModel($1) }, form: \.scriptValue)
    }

    func classify(_ request: DoorRequest) async throws -> LuaAnswer {
        let make = { (services: any ServiceProvider, name: String?) in
            guard let name else { throw Misuse("agent.classify: model: expected the id of a classifier, found nil") }
            return try services.classifier(name)
        }
        return try await judge(request, "agent.classify", make, form: { .object($0.fields) })
    }

    private func judge(
        _ request: DoorRequest, _ operation: String,
        _ make: (any ServiceProvider, String?) throws -> any ModerationModel,
        form: (ModerationResponse.Verdict) -> JSONValue
    ) async throws -> LuaAnswer {
        let input = try ModerationInput(scriptValue: try request.json(0), operation)
        let name = try CallOptions(try request.json(1), of: operation, known: ["model"]).string("model")
        let model = try made { try make($0, name) }
        return try await calling {
            var response = ModerationResponse(model: model.name, verdicts: [])
            if !input.isEmpty {
                response = try await model.moderate(input) { await show($0) }
            }
            return .values(
                .of(
                    .array(response.verdicts.map(form)), response.usage.scriptValue, .string(response.model),
                    .string(response.id)))
        }
    }
}

extension ModerationInput {
    /// What a script means: a text or texts, a conversation (a list of messages), or a list of conversations.
    ///
    /// - Parameter operation: what an error begins with.
    package init(scriptValue value: JSONValue, _ operation: String) throws(Misuse) {
        switch value {
        case .array(let values):
            switch values.first {
            case .object?: self = .conversations([try Self.conversation(value, operation)])
            case .array?:
                self = .conversations(
                    try values.enumerated().map { place, value throws(Misuse) in
                        try Self.conversation(value, "\(operation): conversation \(place + 1)")
                    })
            default: self = .texts(try Door.texts(value, operation))
            }
        case .object(let fields) where fields["role"] != nil:
            self = .conversations([try Self.conversation(.array([value]), operation)])
        default: self = .texts(try Door.texts(value, operation))
        }
    }

    private static func conversation(_ value: JSONValue, _ place: String) throws(Misuse) -> [Message] {
        guard value.arrayValue?.isEmpty == false else {
            throw Misuse("\(place): expected a list of messages, found \(value.typeName)")
        }
        do {
            return try Message.conversation(value)
        } catch {
            throw Misuse("\(place): \(error.description)")
        }
    }

    var isEmpty: Bool {
        switch self {
        case .texts(let texts): texts.isEmpty
        case .conversations(let conversations): conversations.isEmpty
        }
    }
}
