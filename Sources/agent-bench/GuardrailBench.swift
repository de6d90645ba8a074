// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// What guardrails cost a streamed answer: a stream of tokens through the run loop, with rules and without.
enum GuardrailBench {
    private static let sentence = [
        "The ", "ship ", "left ", "the ", "harb", "our ", "at ", "dawn ", "with ", "forty ", "people ", "and ", "a ",
        "dog", ". ",
    ]

    static func run(sentences: Int) async throws {
        let model = TokenModel(pieces: (0..<sentences).flatMap { _ in sentence })
        let script = """
            local agent = require "agent"
            return agent.new { guardrails = { output = { function(text) return not text:find("bad") or nil, "bad" end } } }
            """
        let environment = ScriptEnvironment(models: OneModel(model: model))
        guard
            case .agent(let lua) = try await Script.run(
                Array(script.utf8), name: "bench.lua", in: environment
            ).outcome
        else { return }
        let passes = FunctionGuardrail(name: "passes") { _ in .pass }
        let plain = try await best(Agent(model: model), sentences)
        print("a stream of \(sentences) sentences without guardrails: \(rounded(plain)) µs a sentence (least of 9)")
        for (name, rules) in [
            ("a rule that passes", GuardrailSet(output: [GuardrailRule(passes)])), ("a Lua function", lua.guardrails),
        ] {
            let time = try await best(Agent(model: model, guardrails: rules), sentences)
            print(
                "  with \(name): \(rounded(time)) µs, \(rounded(time - plain)) µs more, \(rounded(time / plain, 1)) times"
            )
        }
    }

    /// Microseconds of CPU a sentence.
    private static func best(_ agent: Agent, _ sentences: Int) async throws -> Double {
        var least = Double.infinity
        for _ in 0..<9 {
            let time = try await measure { _ = try await agent.run([.user("go")], streams: true) { _ in } }
            least = min(least, time.cpu * 1e6 / Double(sentences))
        }
        return least
    }
}

/// Streams the same tokens again and again.
private struct TokenModel: Model {
    let name = "tokens"
    let pieces: [String]

    func respond(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        for piece in pieces { try await onEvent(.text(piece)) }
        return ModelResponse(message: .assistant(pieces.joined()))
    }

    func wireRequest(for request: ModelRequest) throws -> JSONValue { [:] }
}

private struct OneModel: ModelProvider {
    let model: any Model
    func model(for reference: JSONValue?) throws -> any Model { model }
}
