// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import Testing

@testable import AgentCore

@Suite struct RunStateMachineTests {
    private let weather = ToolDefinition(name: "weather")

    private func machine(
        limits: RunLimits = .init(), tools: Bool = true, toolChoice: ToolChoice = .auto, output: OutputFormat? = nil
    ) -> RunStateMachine {
        RunStateMachine(
            .init(
                instructions: "Be brief.", tools: tools ? [weather] : [], toolChoice: toolChoice, output: output,
                limits: limits))
    }

    @Test func anAnswerWithoutCallsEndsTheRun() throws {
        var machine = machine()
        let request = try machine.start(with: [.user("hi")]).request()
        #expect(request.messages == [.system("Be brief."), .user("hi")])
        #expect(request.tools == [weather])
        let result = try machine.modelResponded(.text("hello")).result()
        #expect(result.text == "hello")
        #expect(result.stopped == nil)
        #expect(result.messages == [.user("hi"), .assistant("hello")])
    }

    @Test func callsAreRunAndTheirResultsSentBackInOrder() throws {
        var machine = machine()
        _ = machine.start(with: [.user("hi")])
        let calls = try machine.modelResponded(.calls("a", "b")).calls()
        #expect(calls.map(\.id) == ["a", "b"])
        let request = try machine.toolsFinished(calls.map { ToolResult(callID: $0.id, name: $0.name, content: $0.id) })
            .request()
        #expect(request.messages.suffix(2).map(\.toolCallID) == ["a", "b"])
        let result = try machine.modelResponded(.text("done")).result()
        #expect(result.toolCalls.map(\.result.content) == ["a", "b"])
        #expect(result.usage.totalTokens == 4)
    }

    @Test func theLastTurnHasNoToolsAndAsksForTheBestAnswer() throws {
        var machine = machine(limits: .init(turns: 2))
        _ = machine.start(with: [.user("hi")])
        let calls = try machine.modelResponded(.calls("a")).calls()
        let request = try machine.toolsFinished([calls[0].refused("x")]).request()
        #expect(request.tools.isEmpty)
        #expect(request.messages[0].text.contains("best answer"))
        #expect(request.messages.last?.role == .tool, "no user message may follow a tool message")
        #expect(try machine.modelResponded(.text("best")).result().stopped == .turns)
    }

    @Test func withoutAnyCallsToSpendTheToolsAreNotOffered() throws {
        var machine = machine(limits: .init(toolCalls: 0))
        let request = try machine.start(with: [.user("hi")]).request()
        #expect(request.tools.isEmpty)
        #expect(try machine.modelResponded(.text("best")).result().stopped == .toolCalls)
    }

    @Test func callsBeyondTheLimitAreRefusedAndTheRestIsRun() throws {
        var machine = machine(limits: .init(toolCalls: 1))
        _ = machine.start(with: [.user("hi")])
        let calls = try machine.modelResponded(.calls("a", "b")).calls()
        #expect(calls.map(\.id) == ["a"])
        let request = try machine.toolsFinished([ToolResult(callID: "a", name: "weather", content: "1")]).request()
        #expect(request.tools.isEmpty)
        #expect(request.messages.last?.text.contains("limit of tool calls") == true)
        #expect(try machine.modelResponded(.text("best")).result().stopped == .toolCalls)
    }

    @Test func callsInATurnWithoutToolsAreAnsweredAndTheRunEnds() throws {
        var machine = machine(limits: .init(turns: 1))
        _ = machine.start(with: [.user("hi")])
        let result = try machine.modelResponded(.calls("a")).result()
        #expect(result.stopped == .turns)
        #expect(result.messages.last?.toolCallID == "a", "each call has its result in the transcript")
    }

    @Test func spentTokensEndTheRunBeforeMoreToolsRun() throws {
        var machine = machine(limits: .init(tokens: 2))
        _ = machine.start(with: [.user("hi")])
        #expect(try machine.modelResponded(.calls("a")).result().stopped == .tokens)
    }

    @Test func theSameCallsAgainAndAgainLoseTheTools() throws {
        var machine = machine(limits: .init(repeats: 2))
        _ = machine.start(with: [.user("hi")])
        var request: ModelRequest?
        for _ in 0..<2 {
            let calls = try machine.modelResponded(.calls("")).calls()
            request = try machine.toolsFinished([calls[0].refused("x")]).request()
        }
        #expect(request?.tools.isEmpty == true)
        #expect(try machine.modelResponded(.text("best")).result().stopped == .repeats)
    }

    @Test(arguments: ["", "null", "dup"]) func callsGetAnIdOfTheirOwn(id: String) throws {
        var machine = machine()
        _ = machine.start(with: [.user("hi")])
        let calls = try machine.modelResponded(.calls("dup", id)).calls()
        #expect(calls[0].id == "dup")
        #expect(calls[1].id == "call00001")
    }

    @Test func aForcedCallIsForcedOnce() throws {
        var machine = machine(toolChoice: .any)
        #expect(try machine.start(with: [.user("hi")]).request().toolChoice == .any)
        let calls = try machine.modelResponded(.calls("a")).calls()
        #expect(try machine.toolsFinished([calls[0].refused("x")]).request().toolChoice == .auto)
    }

    @Test func aCutToolCallIsAnError() throws {
        var machine = machine()
        _ = machine.start(with: [.user("hi")])
        let response = ModelResponse(
            message: .assistant("", toolCalls: [.init(id: "a", name: "weather", arguments: "{\"c")]),
            finishReason: .length)
        #expect(try machine.modelResponded(response).error().code == .truncated)
    }

    @Test func cutTextIsAnAnswerThatSaysSo() throws {
        var machine = machine()
        _ = machine.start(with: [.user("hi")])
        let result = try machine.modelResponded(.init(message: .assistant("half"), finishReason: .length)).result()
        #expect(result.finishReason == .length)
    }

    @Test func anUnknownFinishReasonIsKept() throws {
        var machine = machine()
        _ = machine.start(with: [.user("hi")])
        let reason = FinishReason(rawValue: "new_word")
        #expect(
            try machine.modelResponded(.init(message: .assistant("x"), finishReason: reason)).result().finishReason
                == reason)
    }

    @Test func finishReasonErrorFails() throws {
        var machine = machine()
        _ = machine.start(with: [.user("hi")])
        #expect(
            try machine.modelResponded(.init(message: .assistant("x"), finishReason: .error)).error().code == .model)
    }

    @Test func validOutputIsReturnedAsAValue() throws {
        var machine = machine(output: .schema(try JSONSchema(["type": "integer"]), name: "n"))
        let request = try machine.start(with: [.user("hi")]).request()
        #expect(request.responseFormat == .jsonSchema(name: "n", schema: ["type": "integer"], strict: true))
        #expect(try machine.modelResponded(.text("9007199254740993")).result().output == 9_007_199_254_740_993)
    }

    @Test func theClockEndsARunWithWhatWasSaid() throws {
        var machine = machine()
        _ = machine.start(with: [.user("hi")])
        let result = try machine.timeRanOut(partialText: "half an ans").result()
        #expect(result.text == "half an ans")
        #expect(result.stopped == .seconds)
    }

    @Test func theClockAnswersCallsInFlight() throws {
        var machine = machine()
        _ = machine.start(with: [.user("hi")])
        _ = machine.modelResponded(.calls("a"))
        let result = try machine.timeRanOut(partialText: "").result()
        #expect(result.toolCalls.first?.result.isError == true)
    }
}

extension ModelResponse {
    static func text(_ text: String) -> ModelResponse {
        ModelResponse(message: .assistant(text), usage: Usage(promptTokens: 1, completionTokens: 1))
    }

    static func calls(_ ids: String...) -> ModelResponse {
        let calls = ids.map { ToolCall(id: $0, name: "weather", arguments: "{}") }
        return ModelResponse(
            message: .assistant("", toolCalls: calls), finishReason: .toolCalls,
            usage: Usage(promptTokens: 1, completionTokens: 1))
    }
}

/// What an action was instead of what the test expected.
struct OtherAction: Error { let action: RunStateMachine.Action }

extension RunStateMachine.Action {
    func request() throws -> ModelRequest {
        guard case .callModel(let request) = self else { throw OtherAction(action: self) }
        return request
    }
    func calls() throws -> [ToolCall] {
        guard case .runTools(let calls) = self else { throw OtherAction(action: self) }
        return calls
    }
    func result() throws -> RunResult {
        guard case .finish(let result) = self else { throw OtherAction(action: self) }
        return result
    }
    func error() throws -> RunError {
        guard case .fail(let error) = self else { throw OtherAction(action: self) }
        return error
    }
}
