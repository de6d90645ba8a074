// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
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
        let answers = try RunAnswers(for: spec, in: context, at: position)
        let fakes = try RunFakes(spec)
        let approver = try ScriptedApprover(spec.approvals)
        let collector = RunCollector(TaskRun(position: position, task: spec.task))
        let environment = try environment(answers, fakes, approver, collector)
        try await collector.notingFailure {
            try await answers.recorder.root().run { try await run(source, environment, collector) }
        }
        var made = collector.collected
        made.approvals = approver.asked
        made.sent = fakes.transport?.requests ?? []
        made.asked = fakes.asked.all
        made.files = environment.fakes?.files ?? []
        // What the run came to without it is not what the test is about, and nothing to keep on a tape.
        try context.stopIfMissing(fakes.asked, at: position)
        try await answers.finish(&made, in: context)
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
    ///
    /// - Returns: what it returned, and what its tools will have asked of fakes.
    /// - Throws: as ``run()``, and what the file throws.
    func load() async throws -> (outcome: Script.Outcome, asked: AskedFakes) {
        let source = try source()
        let fakes = try RunFakes(spec)
        var environment = context.world.emptyEnvironment()
        // An agent is made, and asks nothing: only its tools are called.
        environment.models = FixedModels(model: SilentModel(name: "none"))
        try dress(&environment, fakes)
        environment.output = { context.print($0) }
        let script: Script
        do {
            script = try await Script.run(source, name: spec.task, arguments: spec.arguments, in: environment)
        } catch {
            try context.stopIfMissing(fakes.asked, at: position)
            throw error
        }
        try context.stopIfMissing(fakes.asked, at: position)
        return (script.outcome, fakes.asked)
    }

    private func source() throws -> [UInt8] {
        let path = spec.task.hasPrefix("/") ? spec.task : context.file.folder + "/" + spec.task
        context.use(file: path)
        do {
            return try TestFile.read(path, shownAs: spec.task)
        } catch {
            throw Misuse("\(error) (paths are from the folder of the test)")
        }
    }
}
