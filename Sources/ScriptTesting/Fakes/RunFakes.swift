// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaAgents

/// What a test has put in the place of the world, beside the clock, files and variables.
struct RunFakes: Sendable {
    let asked: AskedFakes
    let transport: FakeTransport?
    let programs: FakePrograms?
    let indexes: FakeIndexes?
    private let named: JSONObject

    /// - Throws: ``Misuse`` for what is no answer of a fake.
    init(_ spec: TaskSpec) throws {
        let asked = AskedFakes()
        self.asked = asked
        transport = try spec.fakeHTTP.map { try FakeTransport($0, asked, other: nil) }
        programs = try spec.fakePrograms.map { try FakePrograms($0, asked) }
        indexes = try spec.fakeIndex.map { try FakeIndexes($0, asked) }
        named = spec.fakeServices
    }

    /// - Parameter other: the services of those that are not faked.
    func services(other: (any ServiceProvider)?) throws -> (any ServiceProvider)? {
        named.isEmpty ? other : try FakeServices(named, asked: asked, other: other)
    }

    /// The clock, the files and the programs.
    func world(_ spec: TaskSpec) -> FakeWorld {
        var run: (@Sendable ([String], [UInt8]) throws -> FakeWorld.ProgramEnding?)?
        if let programs { run = { words, input in try programs.run(words, input) } }
        return FakeWorld(now: spec.now, files: spec.fakeFiles, program: run, hasIndexes: indexes != nil)
    }
}
