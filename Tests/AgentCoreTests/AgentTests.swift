// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import Synchronization
import Testing

@Suite struct AgentTests {
    private let city: JSONValue = [
        "type": "object",
        "properties": ["city": ["type": "string"], "unit": ["type": "string", "default": "celsius"]],
        "required": ["city"], "additionalProperties": false,
    ]

    @Test func aToolIsCalledAndItsResultUsed() async throws {
        let model = ScriptedModel([.call("weather", #"{"city":"Oslo"}"#), .text("cold")])
        let tool = ToolSpy("weather", parameters: city) { _ in .value(["celsius": -4]) }
        let result = try await Agent(model: model, tools: [tool]).run("Is it cold?")
        #expect(result.text == "cold")
        #expect(tool.calls == [["city": "Oslo", "unit": "celsius"]])
        #expect(model.requests[1].messages.last?.text == #"{"celsius":-4}"#)
    }

    @Test(arguments: [
        ("nosuch", "{}", "unknown tool \"nosuch\"; the tools are: weather"),
        ("weather", "{\"city\":", "the arguments are not JSON"),
        ("weather", "[]", "expected a JSON object, found array"),
        ("weather", "{\"city\":7}", "/city"),
        ("weather", "", "city"),
    ])
    func aCallTheModelCanMendIsAnErrorResult(name: String, arguments: String, says: String) async throws {
        let model = ScriptedModel([.call(name, arguments), .text("ok")])
        let tool = ToolSpy("weather", parameters: city)
        let result = try await Agent(model: model, tools: [tool]).run("?")
        #expect(result.toolCalls[0].result.isError)
        #expect(result.toolCalls[0].result.content.contains(says), "\(result.toolCalls[0].result.content)")
        #expect(tool.calls.isEmpty)
    }

    @Test func callsOfATurnRunSideBySideWithResultsInCallOrder() async throws {
        let gate = Gate()
        let slow = ToolSpy("slow") { _ in
            await gate.wait()
            return .text("slow")
        }
        let quick = ToolSpy("quick") { _ in
            await gate.open()
            return .text("quick")
        }
        let calls = [
            ToolCall(id: "a", name: "slow", arguments: "{}"), ToolCall(id: "b", name: "quick", arguments: "{}"),
        ]
        let model = ScriptedModel([.calls(calls), .text("ok")])
        let result = try await Agent(model: model, tools: [slow, quick]).run("?")
        #expect(result.toolCalls.map(\.result.content) == ["slow", "quick"])
    }

    @Test func aFailingToolIsTheOperatorsAndTheModelLearnsOnlyThatItFailed() async throws {
        struct Secret: Error {}
        let model = ScriptedModel([.call("weather"), .text("ok")])
        let faults = Mutex<[String]>([])
        let result = try await Agent(model: model, tools: [ToolSpy("weather") { _ in throw Secret() }])
            .run([.user("?")]) { event in
                if case .toolFault(_, let description) = event { faults.withLock { $0.append(description) } }
            }
        #expect(faults.withLock(\.self) == ["Secret()"])
        #expect(result.toolCalls[0].result.content.contains("Secret") == false)
    }

    @Test func usageThatDoesNotFitStopsAtTheMaximum() async throws {
        let response = ModelResponse(
            message: .assistant("hi"), usage: Usage(promptTokens: .max, completionTokens: .max))
        let result = try await Agent(model: ScriptedModel([.response(response)])).run("?")
        #expect(result.usage.totalTokens == .max)
        var sum = result.usage
        sum += result.usage
        #expect(sum == Usage(promptTokens: .max, completionTokens: .max))
    }

    @Test func whatIsThrownAtTheLastEventDoesNotMakeAnother() async {
        struct Full: Error {}
        let terminal = Mutex(0)
        await #expect(throws: Full.self) {
            _ = try await Agent(model: ScriptedModel([.text("hi")])).run([.user("?")]) { event in
                guard event.isTerminal else { return }
                terminal.withLock { $0 += 1 }
                throw Full()
            }
        }
        #expect(terminal.withLock(\.self) == 1)
    }

    @Test func anAnswerIsNotSaidTwiceWhenTheTimeIsUpJustThen() async throws {
        let clock = ManualClock()
        let model = ScriptedModel([.text("hi")])
        let agent = Agent(model: model, limits: .init(time: .seconds(1)), clock: clock)
        let result = try await agent.run([.user("?")]) { event in
            guard case .usage = event else { return }
            await clock.someoneSleeps()
            clock.advance(by: .seconds(1))
            try? await untilCancelled()
        }
        #expect(result.stopped == .seconds)
        #expect(result.messages == [.user("?"), .assistant("hi")])
    }

    @Test func eventsEndInExactlyOneTerminalEvent() async {
        for replies: [ScriptedModel.Reply] in [[.text(["a", "b"])], [.failure(ModelError(.server, "down"))], []] {
            var terminal = 0
            var last: RunEvent?
            for await event in Agent(model: ScriptedModel(replies)).stream("?") {
                if event.isTerminal { terminal += 1 }
                last = event
            }
            #expect(terminal == 1)
            #expect(last?.isTerminal == true)
        }
    }

    @Test func aWronglySetUpAgentSaysSoAsItsOnlyEvent() async {
        let twins = [ToolSpy("a"), ToolSpy("a")]
        var events: [RunEvent] = []
        for await event in Agent(model: ScriptedModel([]), tools: twins).stream("?") { events.append(event) }
        guard case .failed(let error)? = events.first, events.count == 1 else {
            Issue.record("expected one failed event, found \(events)")
            return
        }
        #expect(error.message == "two tools have the name \"a\"")
    }

    @Test func aBadParameterSchemaFailsBeforeTheModelIsCalled() async {
        let model = ScriptedModel([])
        let tool = ToolSpy("a", parameters: ["type": "no such type"])
        await #expect(throws: RunError.self) { try await Agent(model: model, tools: [tool]).run("?") }
        #expect(model.requests.isEmpty)
    }

    @Test func cancellingTheTaskCancelsTheRun() async {
        let model = ScriptedModel([.hang(after: ["a"])])
        let (started, go) = AsyncStream<Void>.makeStream()
        let task = Task {
            try await Agent(model: model).run([.user("?")]) { event in
                if case .text = event { go.yield() }
            }
        }
        for await _ in started { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func timeThatRunsOutKeepsWhatWasSaid() async throws {
        let clock = ManualClock()
        let model = ScriptedModel([.hang(after: ["half "])])
        let agent = Agent(model: model, limits: .init(time: .seconds(5)), clock: clock)
        let (said, saying) = AsyncStream<Void>.makeStream()
        async let result = agent.run([.user("?")]) { event in
            if case .text = event { saying.yield() }
        }
        for await _ in said { break }
        await clock.someoneSleeps()
        clock.advance(by: .seconds(5))
        #expect(try await result.text == "half ")
        #expect(try await result.stopped == .seconds)
    }

    @Test func aToolThatTakesTooLongIsStoppedAndTheModelTold() async throws {
        let clock = ManualClock()
        let definition = ToolDefinition(name: "slow", timeout: .seconds(2))
        let waiting = ToolSpy(definition) { _ in
            await clock.someoneSleeps()
            clock.advance(by: .seconds(2))
            try await untilCancelled()
            return .text("never")
        }
        let model = ScriptedModel([.call("slow"), .text("ok")])
        let result = try await Agent(model: model, tools: [waiting], clock: clock).run("?")
        #expect(result.toolCalls[0].result.content.contains("longer than 2.0 seconds"))
    }

    @Test func approvalIsAskedAfterValidationAndCanBeRefused() async throws {
        struct No: Approver {
            func decide(on call: ToolCall, tool: ToolDefinition, arguments: JSONValue) -> ApprovalDecision {
                .deny(reason: "not today")
            }
        }
        let tool = ToolSpy(ToolDefinition(name: "rm", needsApproval: true))
        let model = ScriptedModel([.call("rm"), .text("ok")])
        let result = try await Agent(model: model, tools: [tool], approver: No()).run("?")
        #expect(result.toolCalls[0].result.content.contains("not today"))
        #expect(tool.calls.isEmpty)
    }

    @Test func withoutAnybodyToAskTheRunEnds() async {
        let tool = ToolSpy(ToolDefinition(name: "rm", needsApproval: true))
        let error = await #expect(throws: RunError.self) {
            try await Agent(model: ScriptedModel([.call("rm")]), tools: [tool]).run("?")
        }
        #expect(error?.code == .approval)
    }

    /// One call had run already when another of the same turn turned out to need somebody who was not there.
    @Test func everyCallOfATurnIsDecidedBeforeOneRuns() async {
        let free = ToolSpy("free")
        let guarded = ToolSpy(ToolDefinition(name: "guarded", needsApproval: true))
        let calls = [
            ToolCall(id: "a", name: "free", arguments: "{}"), ToolCall(id: "b", name: "guarded", arguments: "{}"),
        ]
        await #expect(throws: RunError.self) {
            try await Agent(model: ScriptedModel([.calls(calls)]), tools: [free, guarded]).run("?")
        }
        #expect(free.calls.isEmpty)
    }

    @Test func aFallbackChainAsksTheNextModelOnlyWhenTheFirstCannotAnswer() async throws {
        let down = ScriptedModel([.failure(ModelError(.server, "down"))])
        let refused = ScriptedModel([.failure(ModelError(.invalidRequest, "no"))])
        let up = ScriptedModel([.text("up")])
        #expect(try await Agent(model: FallbackModel([down, up])).run("?").text == "up")
        await #expect(throws: RunError.self) { try await Agent(model: FallbackModel([refused, up])).run("?") }
    }
}

extension RunEvent {
    var isTerminal: Bool {
        switch self {
        case .done, .failed: true
        default: false
        }
    }
}

/// Lets whoever waits pass once it is open.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func wait() async {
        if isOpen { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
