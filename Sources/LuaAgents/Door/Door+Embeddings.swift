// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaRuntime

extension Door {
    func embed(_ request: DoorRequest) async throws -> LuaAnswer {
        let options = try CallOptions(
            try request.json(1), of: "agent.embed",
            known: ["model", "output_dimension", "output_dtype", "encoding_format", "metadata"])
        let wanted = EmbeddingRequest(
            try Self.texts(try request.json(0), "agent.embed"),
            outputDimension: try options.count("output_dimension", from: 1),
            outputDtype: try options.word("output_dtype", of: ["float", "int8", "uint8", "binary", "ubinary"]),
            encodingFormat: try options.word("encoding_format", of: ["float", "base64"]),
            metadata: try options.optional("metadata") { field throws(Misuse) in try field.object() })
        let name = try options.string("model")
        let model = try made { try $0.embeddingModel(name) }
        return try await calling {
            // No provider takes an empty list, and there is nothing to ask.
            if wanted.inputs.isEmpty { return Self.message(EmbeddingResponse(model: model.name, embeddings: [])) }
            let response = try await model.embed(wanted) { await show($0) }
            return Self.message(response)
        }
    }

    /// Texts, or one text, as a list.
    static func texts(_ value: JSONValue, _ operation: String) throws(Misuse) -> [String] {
        switch value {
        case .string(let text): return [text]
        case .object(let fields) where fields.isEmpty: return []
        case .array(let values):
            return try values.enumerated().map { place, value throws(Misuse) in
                guard let text = value.stringValue else {
                    throw Misuse("\(operation): item \(place + 1): expected a string, found \(value.typeName)")
                }
                return text
            }
        default:
            let found = value.isNull ? "nil" : value.typeName
            throw Misuse("\(operation): expected a text or a list of texts, found \(found)")
        }
    }

    /// The vectors, what they cost, and by which model.
    private static func message(_ response: EmbeddingResponse) -> LuaAnswer {
        var message = LuaMessage()
        message.append(
            response.embeddings.map { embedding -> LuaNumbers in
                switch embedding {
                case .numbers(let numbers): .numbers(numbers)
                case .integers(let integers): .integers(integers)
                }
            })
        message.append(response.usage.scriptValue)
        message.append(response.model)
        return .values(message)
    }
}
