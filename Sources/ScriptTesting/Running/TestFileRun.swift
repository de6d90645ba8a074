// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaAgents
import LuaRuntime

/// Runs the tests of a file, each in a Lua state of its own.
package struct TestFileRun: Sendable {
    package let file: TestFile
    private let world: TestWorld

    package init(_ file: TestFile, in world: TestWorld) {
        self.file = file
        self.world = world
    }

    /// The tests of the file, found by running its top. Nothing is granted to it but reading in its folder.
    ///
    /// - Throws: ``ScriptError`` with file and line.
    package func tests() async throws -> [RegisteredTest] {
        let context = TestContext(world, file)
        _ = try await script(context)
        return context.registered
    }

    /// Runs one of them.
    ///
    /// - Throws: `CancellationError`, and nothing else: what goes wrong is in the result.
    package func run(_ test: RegisteredTest) async throws -> TestResult {
        if let reason = test.skip {
            return TestResult(file: file.path, name: test.name, position: test.position, status: .skipped(reason))
        }
        let context = TestContext(world, file, test)
        let start = ContinuousClock.now
        let limit = test.timeout ?? world.timeout
        do {
            try await withDeadline(.seconds(limit), clock: ContinuousClock()) { try await run(test, context) }
        } catch is TestContext.Stop {
        } catch  where Self.isLate(error, start, limit) {
            context.fail(
                "it took longer than \(limit) seconds; allow more with --timeout or timeout = …", at: test.position)
        } catch is CancellationError where Task.isCancelled {
            throw CancellationError()
        } catch {
            report(error, test, context)
        }
        context.script = nil
        return context.result(test, seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// A script that only computes may be stopped by its own limit before anybody hears of the test's.
    private static func isLate(_ error: any Error, _ start: ContinuousClock.Instant, _ limit: Double) -> Bool {
        if error is DeadlineError { return true }
        return (error as? LuaError)?.code == .timeout && ContinuousClock.now - start >= .seconds(limit)
    }

    private func run(_ test: RegisteredTest, _ context: TestContext) async throws {
        let script = try await script(context)
        context.script = script
        _ = try await script.call(entry: "run_test", .of(.integer(Int64(test.number))))
    }

    private func script(_ context: TestContext) async throws -> Script {
        var environment = world.emptyEnvironment()
        environment.grants = Grants(read: .only([file.folder]))
        let operations = TestOperations(context: context)
        environment.addition = ScriptAddition(modules: [Self.module], answer: operations.answer)
        environment.output = { context.print($0) }
        return try await Script.run(file.source, name: file.path, in: environment)
    }

    private static let module = LuaModule(name: "agent.test", source: PackageResources.test_lua, onDemand: true)

    private func report(_ error: any Error, _ test: RegisteredTest, _ context: TestContext) {
        switch error {
        case let error as LuaError: context.fail(error.message, at: "", detail: error.traceback)
        case let error as ScriptError: context.fail(error.description, at: "", detail: error.error.traceback)
        default: context.fail("\(error)", at: test.position)
        }
    }
}

extension TestContext {
    /// What a function of the test file lets a scripted model answer.
    func turn(_ id: Int, _ request: JSONValue) async throws -> JSONValue {
        guard let script else { throw Misuse("the test has ended") }
        // The test is no part of the run that it tests, nor of what is recorded of it.
        return try await JournalScope.$current.withValue(nil) {
            try await script.call(entry: "scripted_turn", .of(.integer(Int64(id)), request)).json(at: 0)
        }
    }
}
