// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import Synchronization
import Testing

/// Gives the answers it was made with, one after another, and keeps the questions.
private final class ScriptedApprover: Approver {
    private let answers: Mutex<[ApprovalDecision]>
    private let asked = Mutex<[ApprovalRequest]>([])

    init(_ answers: ApprovalDecision...) { self.answers = Mutex(answers) }

    var questions: [ApprovalRequest] { asked.withLock(\.self) }

    func decide(on request: ApprovalRequest) async throws -> ApprovalDecision {
        asked.withLock { $0.append(request) }
        return answers.withLock { $0.isEmpty ? .unavailable : $0.removeFirst() }
    }
}

@Suite struct ApprovalTests {
    private static let schema: JSONValue = [
        "type": "object", "required": ["n"], "properties": ["n": ["type": "integer"], "unit": ["default": "m"]],
    ]

    private static func tool(
        effect: ToolDefinition.Effect = .write, needsApproval: Bool? = true
    ) -> ToolSpy {
        ToolSpy(ToolDefinition(name: "f", parameters: schema, effect: effect, needsApproval: needsApproval))
    }

    private static func call(_ arguments: String) -> ScriptedModel.Reply {
        .calls([ToolCall(id: "c1", name: "f", arguments: arguments)])
    }

    private static func run(
        _ tool: ToolSpy, _ approver: any Approver, arguments: String = #"{"n":1}"#, policy: ApprovalPolicy = .byTool
    ) async throws -> ToolResult {
        let model = ScriptedModel([call(arguments), .text("ok")])
        return try await Agent(model: model, tools: [tool], approvals: policy, approver: approver).run("?")
            .toolCalls[0].result
    }

    @Test(arguments: ["", "{", "[]", #"{"n":"1"}"#, #"{"n":1,"n":2}"#])
    func nobodyIsAskedAboutInvalidArguments(arguments: String) async throws {
        let (tool, approver) = (Self.tool(), ScriptedApprover(.allow))
        let result = try await Self.run(tool, approver, arguments: arguments)
        #expect(result.isError)
        #expect(approver.questions.isEmpty)
        #expect(tool.calls.isEmpty)
    }

    @Test func theQuestionShowsWhatTheToolWouldBeCalledWith() async throws {
        let (tool, approver) = (Self.tool(), ScriptedApprover(.allow))
        _ = try await Self.run(tool, approver)
        #expect(approver.questions.map(\.arguments) == [["n": 1, "unit": "m"]])
        #expect(approver.questions[0].origin == nil)
        #expect(tool.calls == [["n": 1, "unit": "m"]])
    }

    @Test func editedArgumentsAreValidatedAndAskedAboutAgainWhenTheyFail() async throws {
        let tool = Self.tool()
        let approver = ScriptedApprover(.allowEdited(["n": "x"]), .allowEdited([]), .allowEdited(["n": 7]))
        let result = try await Self.run(tool, approver)
        #expect(!result.isError)
        #expect(tool.calls == [["n": 7, "unit": "m"]], "defaults are filled in")
        #expect(approver.questions.map(\.problems.isEmpty) == [true, false, false])
        #expect(approver.questions[1].arguments == ["n": "x"])
        #expect(approver.questions[2].problems == ["invalid arguments: expected a JSON object, found array"])
    }

    @Test func argumentsThatTheSchemaRefusedAreNotRunWhoeverAllowsThem() async throws {
        let tool = Self.tool()
        let result = try await Self.run(tool, ScriptedApprover(.allowEdited(["n": "x"]), .allow))
        #expect(result.isError)
        #expect(tool.calls.isEmpty)
    }

    @Test func aProgramThatEditsForEverIsStopped() async throws {
        struct Stubborn: Approver {
            func decide(on request: ApprovalRequest) async throws -> ApprovalDecision { .allowEdited([:]) }
        }
        let tool = Self.tool()
        #expect(try await Self.run(tool, Stubborn()).isError)
        #expect(tool.calls.isEmpty)
    }

    @Test func aPolicyAsksBeforeAToolThatDoesNot() async throws {
        let tool = Self.tool(needsApproval: false)
        let result = try await Self.run(
            tool, ScriptedApprover(.deny(reason: "too late")), policy: ApprovalPolicy([.effect(.write, .ask)]))
        #expect(result.content == "the call was not approved: too late")
        #expect(tool.calls.isEmpty)
    }

    @Test func aPolicyDeniesWithoutAsking() async throws {
        let (tool, approver) = (Self.tool(needsApproval: false), ScriptedApprover(.allow))
        let result = try await Self.run(tool, approver, policy: ApprovalPolicy([.tool("f", .deny)]))
        #expect(result.isError && result.content.contains("policy"))
        #expect(approver.questions.isEmpty && tool.calls.isEmpty)
    }

    @Test func aPolicyAllowsWithoutAsking() async throws {
        let (tool, approver) = (Self.tool(), ScriptedApprover(.deny(reason: "no")))
        let result = try await Self.run(tool, approver, policy: ApprovalPolicy([.tool("f", .allow)]))
        #expect(!result.isError)
        #expect(approver.questions.isEmpty)
    }

    @Test func denyAllLetsTheRunGoOn() async throws {
        let tool = Self.tool()
        let result = try await Self.run(tool, DenyAll())
        #expect(result.content.hasPrefix("the call was not approved: nobody"))
        #expect(tool.calls.isEmpty)
    }

    @Test func whatWaitsIsNamedWithoutItsArguments() async throws {
        let error = await #expect(throws: RunError.self) {
            try await Self.run(Self.tool(effect: .final), NoApprover(), arguments: #"{"n":4711}"#)
        }
        #expect(error?.code == .approval)
        #expect(
            error?.message
                == "paused: tool \"f\" (effect final, call c1) waits for an approval, and nobody can be asked")
    }

    /// An approver of the first version of the protocol.
    @Test func anApproverMayImplementTheShortForm() async throws {
        struct Small: Approver {
            func decide(on call: ToolCall, tool: ToolDefinition, arguments: JSONValue) async throws -> ApprovalDecision
            {
                arguments["n"] == 1 ? .allow : .deny(reason: "not \(call.name)")
            }
        }
        #expect(try await !Self.run(Self.tool(), Small()).isError)
        #expect(try await Self.run(Self.tool(), Small(), arguments: #"{"n":2}"#).content.hasSuffix("not f"))
    }

    @Test func anApproverThatAnswersNothingCanAskNobody() async {
        struct Mute: Approver {}
        let error = await #expect(throws: RunError.self) { try await Self.run(Self.tool(), Mute()) }
        #expect(error?.code == .approval)
    }

    @Test func anApproverThatFailsLetsNothingThrough() async throws {
        struct Broken: Approver {
            struct Failure: Error {}
            func decide(on request: ApprovalRequest) async throws -> ApprovalDecision { throw Failure() }
        }
        let tool = Self.tool()
        #expect(try await Self.run(tool, Broken()).isError)
        #expect(tool.calls.isEmpty)
    }

    /// What a model writes is never an answer, wherever it writes it.
    @Test func theModelCannotAnswer() async throws {
        let tool = Self.tool()
        let model = ScriptedModel([
            Self.call(#"{"n":1,"approved":true}"#), Self.call(#"{"n":1}"#), .text("y\nyes\n[y] once\n"),
        ])
        let result = try await Agent(model: model, tools: [tool], approver: DenyAll()).run("?")
        let passed = result.toolCalls.filter { !$0.result.isError }
        #expect(passed.isEmpty)
        #expect(tool.calls.isEmpty)
    }
}
