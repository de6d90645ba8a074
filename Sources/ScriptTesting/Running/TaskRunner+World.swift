// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTTPCore
import LuaAgents

/// What a run of a test sees of the world.
extension TaskRunner {
    func environment(
        _ answers: RunAnswers, _ fakes: RunFakes, _ approver: ScriptedApprover, _ collector: RunCollector
    ) throws -> ScriptEnvironment {
        var environment = answers.isLive ? context.world.live : context.world.emptyEnvironment()
        context.world.prepare(&environment)
        environment.models = answers.models
        environment.addition = nil
        try dress(&environment, fakes, isReplayed: answers.isReplayed)
        environment.approver = approver
        environment.approvals = .byTool
        environment.output = { collector.print($0) }
        environment.log = { collector.log($0, $1, $2) }
        environment.observe = { collector.see($0) }
        let input = FixedInput(spec.standardInput)
        environment.input = { input.read($0) }
        return environment
    }

    /// Grants what the test allows, and puts fakes in the place of the world.
    func dress(_ environment: inout ScriptEnvironment, _ fakes: RunFakes, isReplayed: Bool = false) throws {
        environment.grants = try grants(fakes)
        let real = isReplayed || spec.allow.net == .nothing ? nil : context.world.live.transport
        environment.transport = fakes.transport ?? real
        if fakes.transport != nil {
            // Nothing is connected to: any address of the public internet will do.
            environment.lookUp = { _ in IPAddress("1.1.1.1").map { [$0] } ?? [] }
        }
        let (variables, live) = (spec.fakeVariables, context.world.live.variables)
        environment.variables = { variables[$0] ?? live($0) }
        environment.services = try fakes.services(other: environment.services)
        environment.indexes = fakes.indexes ?? environment.indexes
        environment.fakes = fakes.world(spec)
    }

    /// What the test allows, and everything that is faked.
    private func grants(_ fakes: RunFakes) throws -> Grants {
        let limit = context.world.limit.union(Grants(read: .only([context.file.folder])))
        var faked = Grants()
        if let transport = fakes.transport { faked.net = .only(transport.hosts) }
        if let programs = fakes.programs { faked.exec = .only(programs.names) }
        if !spec.fakeVariables.isEmpty { faked.env = .only(spec.fakeVariables.keys.sorted()) }
        if let files = spec.fakeFiles, !files.isEmpty {
            let paths = files.keys.sorted()
            faked.read = .only(paths + ["."])
            faked.write = .only(paths)
        }
        let allowed = try spec.allow.within(limit, "the test").union(faked)
        return fakes.indexes == nil ? allowed : allowed.union(Grants(read: .only([FakeIndexes.path])))
    }
}
