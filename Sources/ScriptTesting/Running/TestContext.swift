// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaAgents
import Synchronization

/// One test while it goes on: what it has checked, run and printed.
final class TestContext: Sendable {
    /// Ends a test where it is: a check that the rest needs has failed, or it is skipped.
    struct Stop: Error {}

    private struct State {
        var registered: [RegisteredTest] = []
        var tapeNames: [String: RegisteredTest] = [:]
        var failures: [TestResult.Failure] = []
        var checks = 0
        var skip: String?
        var runs: [TaskRun] = []
        var tools: [LoadedTools] = []
        var tapes = 0
        var printed: [UInt8] = []
        var notes: [String] = []
        var files: [String] = []
        var usage = Usage()
        /// The script of the test file: functions of it are turns of scripted models.
        var script: Script?
    }

    let world: TestWorld
    let file: TestFile
    /// `nil` while the file's tests are only looked for.
    let test: RegisteredTest?
    private let state = Mutex(State())

    init(_ world: TestWorld, _ file: TestFile, _ test: RegisteredTest? = nil) {
        self.world = world
        self.file = file
        self.test = test
    }

    var script: Script? {
        get { state.withLock(\.script) }
        set { state.withLock { $0.script = newValue } }
    }

    var registered: [RegisteredTest] { state.withLock(\.registered) }

    /// - Throws: ``Misuse`` when there is a test of that name, or of a name that would have the same tapes.
    func register(_ test: RegisteredTest) throws {
        try state.withLock { state in
            let other = state.tapeNames.updateValue(test, forKey: test.tapeName)
            if let other, other.name == test.name {
                throw Misuse("agent.test: there is a test '\(test.name)' already, at \(other.position)")
            }
            if let other {
                throw Misuse(
                    "agent.test: '\(test.name)' and '\(other.name)' at \(other.position) would have the same tapes; choose another name"
                )
            }
            state.registered.append(test)
        }
    }

    var nextNumber: Int { state.withLock { $0.registered.count + 1 } }

    // MARK: - Checks

    @discardableResult func check(_ passed: Bool, _ message: @autoclosure () -> String, at position: String) -> Bool {
        let failure = passed ? nil : TestResult.Failure(message(), at: position)
        state.withLock { state in
            state.checks += 1
            if let failure { state.failures.append(failure) }
        }
        return passed
    }

    /// Something is wrong that no check of the test's asked about.
    func fail(_ message: String, at position: String, detail: String = "") {
        state.withLock { $0.failures.append(.init(message, at: position, detail: detail)) }
    }

    /// Ends the test where something was asked that has no fake, whatever scripts and tools made of that.
    ///
    /// - Throws: ``Stop``.
    func stopIfMissing(_ asked: AskedFakes, at position: String) throws {
        guard let missing = asked.missing else { return }
        fail(missing.description, at: position)
        throw Stop()
    }

    func skip(_ reason: String) { state.withLock { $0.skip = reason } }

    // MARK: - Runs

    func add(_ run: TaskRun) -> Int {
        state.withLock { state in
            state.runs.append(run)
            return state.runs.count
        }
    }

    func run(_ id: Int64) throws -> TaskRun {
        try state.withLock { state in
            guard id >= 1, id <= state.runs.count else { throw Misuse("there is no such run") }
            return state.runs[Int(id) - 1]
        }
    }

    /// The test has looked at how the run ended.
    func see(_ id: Int64) {
        state.withLock { state in
            guard id >= 1, id <= state.runs.count else { return }
            state.runs[Int(id) - 1].isFailureSeen = true
        }
    }

    func add(_ tools: LoadedTools) -> Int {
        state.withLock { state in
            state.tools.append(tools)
            return state.tools.count
        }
    }

    func tools(_ id: Int64) throws -> LoadedTools {
        try state.withLock { state in
            guard id >= 1, id <= state.tools.count else { throw Misuse("there are no such tools") }
            return state.tools[Int(id) - 1]
        }
    }

    /// How many tapes the test has asked for, with this one.
    func nextTape() -> Int {
        state.withLock { state in
            state.tapes += 1
            return state.tapes
        }
    }

    /// The test hangs on this file.
    func use(file: String) { state.withLock { $0.files.append(file) } }
    func note(_ text: String) { state.withLock { $0.notes.append(text) } }
    func use(_ usage: Usage) { state.withLock { $0.usage += usage } }
    func print(_ bytes: [UInt8]) { state.withLock { $0.printed += bytes } }

    // MARK: - The end

    /// - Parameter seconds: how long the test took.
    func result(_ test: RegisteredTest, seconds: Double) -> TestResult {
        state.withLock { state in
            var result = TestResult(
                file: file.path, name: test.name, position: test.position, failures: state.failures,
                checks: state.checks, seconds: seconds, printed: String(decoding: state.printed, as: UTF8.self),
                notes: state.notes, usage: state.usage)
            result.files = state.files
            if let reason = state.skip, state.failures.isEmpty {
                result.status = .skipped(reason)
                return result
            }
            for run in state.runs where run.failure != nil && !run.isFailureSeen {
                result.failures.append(Self.unseen(run))
            }
            if result.failures.isEmpty, state.checks == 0 {
                result.failures.append(
                    .init("it checks nothing, so it could not fail; use t:ok, t:equal, t:called, …", at: test.position))
            }
            result.status = result.failures.isEmpty ? .passed : .failed
            return result
        }
    }

    private static func unseen(_ run: TaskRun) -> TestResult.Failure {
        let failure = run.failure
        let code = failure?.code ?? ""
        return .init(
            "\(run.task) ended in an error (\(code)) that the test does not expect; if it should, say t:failed(run, \"\(code)\"): "
                + (failure?.message ?? ""),
            at: run.position, detail: failure?.detail ?? "")
    }
}
