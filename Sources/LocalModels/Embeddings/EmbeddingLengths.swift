// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import JSONCore

/// Refuses texts that the model cannot read as a whole, before any is embedded: the engine answers one of them with a
/// failure of the server, for all texts of its request.
struct EmbeddingLengths {
    let client: APIClient
    /// Tokens of a text, with the two that mark its start and its end.
    let limit: Int

    func check(_ inputs: [String]) async throws {
        // No token is shorter than a byte.
        for (place, input) in inputs.enumerated() where input.utf8.count > limit - 2 {
            let count = try await tokens(of: input)
            guard count > limit else { continue }
            throw ModelError(
                .contextTooLong,
                "inputs[\(place)] has \(count) tokens, the local embedding model reads \(limit) at most; split it into "
                    + "smaller texts")
        }
    }

    private func tokens(of text: String) async throws -> Int {
        let body: JSONValue = ["content": .string(text), "add_special": true]
        let bytes: [UInt8]
        do { bytes = try body.serializedBytes() } catch {
            throw ModelError(.invalidRequest, "a text cannot be written as JSON: \(error)")
        }
        let answer = try await client.send(.init(path: "tokenize", content: .json(bytes)), decode: { $0 })
        guard let tokens = try? JSONValue(parsing: answer)["tokens"]?.arrayValue else {
            throw ModelError(.invalidResponse, "the local server does not say how many tokens a text has")
        }
        return tokens.count
    }
}
