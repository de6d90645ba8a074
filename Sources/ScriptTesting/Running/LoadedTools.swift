// SPDX-License-Identifier: Apache-2.0

import AgentCore
import LuaAgents

/// The tools of a file that a test has loaded, to be called without a model.
struct LoadedTools: Sendable {
    let all: [any Tool]
    /// What they have asked of fakes.
    let asked: AskedFakes

    init(_ all: [any Tool], asked: AskedFakes) {
        self.all = all
        self.asked = asked
    }

    /// - Throws: ``Misuse`` when there is none of that name.
    func named(_ name: String) throws(Misuse) -> any Tool {
        guard let tool = all.first(where: { $0.definition.name == name }) else { throw Misuse("there is no such tool") }
        return tool
    }
}
