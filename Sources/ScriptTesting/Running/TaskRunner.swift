// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import Glibc
import HTTPCore
import JSONCore
import LuaAgents

/// Runs a file for a test, in a world of its own.
struct TaskRunner: Sendable {
    let context: TestContext
    let spec: TaskSpec
    /// Where the test asks for it.
    let position: String

    /// Runs the file and its agent.
    ///
    /// - Throws: ``Misuse``, ``TestContext/Stop``, `CancellationError`. How the run itself ended is in what is returned.
    func run() async throws -> TaskRun {
        let source = try source()
        var made = TaskRun(position: position, task: spec.task)
        let answers = try RunAnswers(for: spec, in: context, at: position)
        let fakes = try Fakes(spec)
        let approver = try ScriptedApprover(spec.approvals)
        let collector = RunCollector(made)
        let environment = try environment(answers, fakes, approver, collector)
        do {
            try await answers.recorder.root().run { try await run(source, environment, collector) }
        } catch let error where error is CancellationError && Task.isCancelled {
            throw CancellationError()
        } catch let error as Misuse {
            throw error
        } catch {
            collector.change { $0.failure = .init(error) }
        }
        made = collector.collected
        made.approvals = approver.asked
        made.sent = fakes.transport?.requests ?? []
        made.asked = fakes.asked.all
        made.files = environment.fakes?.files ?? []
        try await answers.finish(&made, in: context)
        if let missing = made.failure.flatMap({ $0.code == "host" && $0.message.contains("no fake answers") ? $0 : nil }
        ) {
            context.fail(missing.message, at: position)
            throw TestContext.Stop()
        }
        return made
    }

    private func run(_ source: [UInt8], _ environment: ScriptEnvironment, _ collector: RunCollector) async throws {
        let script = try await Script.run(source, name: spec.task, arguments: spec.arguments, in: environment)
        switch script.outcome {
        case .agent(let agent):
            guard !spec.input.isEmpty else {
                throw Misuse("t:run: \(spec.task) returns an agent, which needs a prompt")
            }
            _ = try await agent.run(spec.input, streams: spec.streams) { collector.see($0) }
        case .tools: throw Misuse("t:run: \(spec.task) holds tools, not a task; call them through t:load")
        case .value(let value):
            guard spec.input.isEmpty else {
                throw Misuse("t:run: \(spec.task) does its work itself and takes no prompt; give it args = { … }")
            }
            collector.change { run in
                run.output = value
                run.text = value?.stringValue ?? String(decoding: run.printed, as: UTF8.self)
            }
        }
    }

    /// Runs the file for what it returns, without a model.
    func load() async throws -> Script.Outcome {
        let source = try source()
        let fakes = try Fakes(spec)
        var environment = context.world.emptyEnvironment()
        // An agent is made, and asks nothing: only its tools are called.
        environment.models = FixedModels(model: SilentModel(name: "none"))
        try dress(&environment, fakes)
        environment.output = { context.print($0) }
        return try await Script.run(source, name: spec.task, arguments: spec.arguments, in: environment).outcome
    }

    // MARK: - The world

    private func source() throws -> [UInt8] {
        let path = spec.task.hasPrefix("/") ? spec.task : context.file.folder + "/" + spec.task
        context.use(file: path)
        do {
            return try TestFile.read(path, shownAs: spec.task)
        } catch {
            throw Misuse("\(error) (paths are from the folder of the test)")
        }
    }

    private func environment(
        _ answers: RunAnswers, _ fakes: Fakes, _ approver: ScriptedApprover, _ collector: RunCollector
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
    private func dress(
        _ environment: inout ScriptEnvironment, _ fakes: Fakes, isReplayed: Bool = false
    ) throws {
        let folder = Grants(read: .only([context.file.folder]))
        let limit = context.world.limit.union(folder)
        var grants = try spec.allow.within(limit, "the test")
        var faked = Grants()
        if let transport = fakes.transport { faked.net = .only(transport.hosts) }
        if let programs = fakes.programs { faked.exec = .only(programs.names) }
        if !spec.fakeVariables.isEmpty { faked.env = .only(spec.fakeVariables.keys.sorted()) }
        if let files = spec.fakeFiles, !files.isEmpty {
            let paths = files.keys.sorted()
            faked.read = .only(paths + ["."])
            faked.write = .only(paths)
        }
        grants = grants.union(faked)
        if fakes.indexes != nil { grants = grants.union(Grants(read: .only([FakeIndexes.path]))) }
        environment.grants = grants
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
        var run: (@Sendable ([String], [UInt8]) throws -> FakeWorld.ProgramEnding?)?
        if let programs = fakes.programs { run = { words, input in try programs.run(words, input) } }
        environment.fakes = FakeWorld(
            now: spec.now, files: spec.fakeFiles, program: run, hasIndexes: fakes.indexes != nil)
    }
}

/// What a test has put in the place of the world, beside the clock, files and variables.
private struct Fakes {
    let asked: AskedFakes
    let transport: FakeTransport?
    let programs: FakePrograms?
    let indexes: FakeIndexes?
    private let named: JSONObject

    init(_ spec: TaskSpec) throws {
        let asked = AskedFakes()
        self.asked = asked
        transport = try spec.fakeHTTP.map { try FakeTransport($0, other: nil) }
        programs = try spec.fakePrograms.map { try FakePrograms($0, asked) }
        indexes = try spec.fakeIndex.map { try FakeIndexes($0, asked) }
        named = spec.fakeServices
    }

    /// - Parameter other: the services of those that are not faked.
    func services(other: (any ServiceProvider)?) throws -> (any ServiceProvider)? {
        named.isEmpty ? other : try FakeServices(named, asked: asked, other: other)
    }
}
