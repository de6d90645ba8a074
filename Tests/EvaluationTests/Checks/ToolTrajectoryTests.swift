// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import Testing

@testable import Evaluation  // for the faults of trajectories

@Suite struct ToolTrajectoryTests {
    private func calls(_ names: String...) -> [ToolCall] { names.map { ToolCall(id: "", name: $0, arguments: "{}") } }
    private func wanted(_ names: String...) -> [ToolTrajectory.Call] { names.map { .init($0) } }

    @Test func exactAllowsNoOtherCall() {
        let trajectory = ToolTrajectory(wanted("a", "b"), order: .exact)
        #expect(trajectory.fault(in: calls("a", "b")) == nil)
        #expect(trajectory.fault(in: calls("a", "b", "c")) == "c was called as well")
        #expect(trajectory.fault(in: calls("b", "a")) == "expected a where b was called")
        #expect(trajectory.fault(in: calls("a")) == "no call of b at its place; called: a")
        #expect(ToolTrajectory([], order: .exact).fault(in: calls("a")) == "a was called as well")
        #expect(ToolTrajectory([], order: .exact).fault(in: []) == nil)
    }

    @Test func inOrderAllowsOthersBetween() {
        let trajectory = ToolTrajectory(wanted("a", "b"))
        #expect(trajectory.fault(in: calls("x", "a", "x", "b")) == nil)
        #expect(trajectory.fault(in: calls("b", "a")) == "no call of b at its place; called: b, a")
        #expect(trajectory.fault(in: []) == "no call of a at its place; called: nothing")
    }

    @Test func argumentsAreASubset() {
        let call = ToolTrajectory.Call("f", arguments: ["n": 1, "o": ["p": "q"]])
        let trajectory = ToolTrajectory([call])
        func made(_ arguments: String) -> [ToolCall] { [ToolCall(id: "", name: "f", arguments: arguments)] }
        #expect(trajectory.fault(in: made(#"{"n":1,"o":{"p":"q","r":2},"s":3}"#)) == nil)
        #expect(trajectory.fault(in: made(#"{"n":2,"o":{"p":"q"}}"#)) != nil)
        #expect(trajectory.fault(in: made(#"{"n":1"#)) != nil, "malformed arguments fit nothing")
    }

    /// Taking the first call that fits would leave none for the second that is wanted.
    @Test func anyOrderFindsACallForEach() {
        let made = [
            ToolCall(id: "", name: "f", arguments: #"{"n":1}"#), ToolCall(id: "", name: "f", arguments: #"{"n":2}"#),
        ]
        let trajectory = ToolTrajectory([.init("f"), .init("f", arguments: ["n": 1])], order: .any)
        #expect(trajectory.fault(in: made) == nil)
        #expect(trajectory.fault(in: Array(made.prefix(1))) == #"no call of f{"n":1}; called: f"#)
    }

    @Test func forbiddenToolsMustNotBeCalled() {
        let trajectory = ToolTrajectory([], forbidden: ["delete"])
        #expect(trajectory.fault(in: calls("read")) == nil)
        #expect(trajectory.fault(in: calls("read", "delete")) == "delete was called")
    }
}
