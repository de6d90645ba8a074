// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import AgentTesting
import Synchronization
import Testing

/// What is sent with `safe_prompt`, by every kind of run and every backend: the field where there is one, else the prompt, once.
@Suite struct SafePromptTests {
    enum Backend: String, CaseIterable { case mistral, openAI, local, mistralAgent }

    /// A model that is told what to say, and keeps the bodies that its backend would have sent.
    private final class Wire: Model {
        let backend: any Model
        let script: ScriptedModel
        private let state = Mutex<[JSONValue]>([])

        init(_ backend: any Model, _ replies: [ScriptedModel.Reply]) {
            self.backend = backend
            script = ScriptedModel(replies)
        }

        var name: String { backend.name }
        var bodies: [JSONValue] { state.withLock(\.self) }

        func respond(
            to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
        ) async throws -> ModelResponse {
            let body = try backend.wireRequest(for: request)
            state.withLock { $0.append(body) }
            return try await script.respond(to: request, onEvent: onEvent)
        }

        func wireRequest(for request: ModelRequest) throws -> JSONValue { try backend.wireRequest(for: request) }
    }

    private static let prompt =
        "Always assist with care, respect, and truth. Respond with utmost utility yet securely. Avoid harmful, unethical, "
        + "prejudiced, or negative content. Ensure replies promote fairness and positivity."

    private func model(_ backend: Backend) throws -> any Model {
        let host = RuntimeHost(
            variables: { ["MISTRAL_API_KEY": "k", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"][$0] },
            transport: AsyncHTTPClientTransport())
        switch backend {
        case .mistral: return try host.model("mistral-small-latest")
        case .openAI: return try host.model("openai:m")
        case .local: return try host.model("local")
        case .mistralAgent: return try host.model("mistral-agent:ag:1")
        }
    }

    /// Every body has the prompt as its backend does: exactly once, and before the instructions.
    private func expectOnce(_ wire: Wire, _ backend: Backend, count: Int, says instructions: String?) throws {
        #expect(wire.bodies.count == count)
        for body in wire.bodies {
            let system = (body["messages"]?.arrayValue ?? []).filter { $0["role"] == "system" }
            let texts = system.compactMap { $0["content"]?.stringValue }
            let occurrences = try body.serialized().pieces(around: Self.prompt) - 1
            if backend == .mistral {
                #expect(body["safe_prompt"] == true)
                #expect(occurrences == 0, "the service puts it first")
            } else {
                #expect(body["safe_prompt"] == nil)
                #expect(occurrences == 1)
                #expect(texts.first?.hasPrefix(Self.prompt) == true)
                #expect(body["messages"]?[0]?["role"] == "system")
            }
            guard let instructions else { continue }
            #expect(texts.joined().contains(instructions))
        }
    }

    private func agent(_ wire: Wire, _ instructions: String? = nil) -> Agent {
        Agent(model: wire, instructions: instructions, options: ModelOptions(safePrompt: true))
    }

    @Test(arguments: Backend.allCases, [nil, "Be brief."]) func inChat(backend: Backend, says: String?) async throws {
        let wire = Wire(try model(backend), [.text("hello")])
        _ = try await agent(wire, says).run("hi")
        try expectOnce(wire, backend, count: 1, says: says)
    }

    @Test(arguments: Backend.allCases) func inStreams(backend: Backend) async throws {
        let wire = Wire(try model(backend), [.text(["he", "llo"])])
        _ = try await agent(wire, "Be brief.").run([.user("hi")], streams: true) { _ in }
        try expectOnce(wire, backend, count: 1, says: "Be brief.")
        #expect(wire.bodies[0]["stream"] == true)
    }

    @Test(arguments: Backend.allCases) func overTheTurnsOfTools(backend: Backend) async throws {
        let wire = Wire(
            try model(backend), [.call("f", id: "a1b2c3d4e"), .call("f", #"{"x":1}"#, id: "b1b2c3d4e"), .text("done")])
        var agent = agent(wire, "Be brief.")
        agent.tools = [ToolSpy("f")]
        _ = try await agent.run("hi")
        try expectOnce(wire, backend, count: 3, says: "Be brief.")
    }

    @Test(arguments: Backend.allCases) func inStructuredOutputAndItsRepair(backend: Backend) async throws {
        let wire = Wire(try model(backend), [.text("no JSON"), .text(#"{"a":1}"#)])
        var agent = agent(wire, "Be brief.")
        agent.output = .schema(try JSONSchema(["type": "object", "required": ["a"]]), name: "answer")
        _ = try await agent.run("hi")
        try expectOnce(wire, backend, count: 2, says: nil)
    }

    @Test(arguments: Backend.allCases) func inAChatThatGoesOn(backend: Backend) async throws {
        let wire = Wire(try model(backend), [.text("one"), .text("two")])
        let agent = agent(wire, "Be brief.")
        let first = try await agent.run("hi")
        _ = try await agent.run(first.messages + [.user("more")])
        try expectOnce(wire, backend, count: 2, says: "Be brief.")
    }

    /// A chat that was kept with the prompt in it, once or more, before or behind other instructions.
    @Test(arguments: Backend.allCases, [0, 1, 2, 3]) func inAChatThatBeginsWithIt(backend: Backend, kind: Int)
        async throws
    {
        let history: [[Message]] = [
            [.system(Self.prompt)], [.system(Self.prompt + "\n\nBe brief.")],
            [.system("Be brief."), .system(Self.prompt)],
            [.system(Self.prompt + "\n\n" + Self.prompt + "\n\nBe brief.")],
        ]
        let wire = Wire(try model(backend), [.text("hello")])
        _ = try await agent(wire).run(history[kind] + [.user("hi")])
        try expectOnce(wire, backend, count: 1, says: kind == 0 ? nil : "Be brief.")
    }

    @Test(arguments: Backend.allCases, [nil, false]) func onlyWhenAskedFor(backend: Backend, safe: Bool?) throws {
        let request = ModelRequest(messages: [.user("hi")], options: ModelOptions(safePrompt: safe))
        let body = try model(backend).wireRequest(for: request)
        #expect(try !body.serialized().contains(Self.prompt))
        #expect(body["safe_prompt"] == (backend == .mistral ? safe.map { .bool($0) } : nil))
    }
}

extension String {
    /// How many parts there are between occurrences of `separator`.
    fileprivate func pieces(around separator: String) -> Int {
        split(separator: separator, omittingEmptySubsequences: false).count
    }
}
