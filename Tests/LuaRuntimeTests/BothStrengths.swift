// SPDX-License-Identifier: Apache-2.0

import LuaRuntime
import Testing

/// Runs each test twice, in process and isolated: the same script has the same results in both.
struct BothStrengths: SuiteTrait, TestTrait, TestScoping {
    @TaskLocal static var sandbox = Sandbox.inProcess
    @TaskLocal static var isIsolated = false

    // Messages are compared: on a loaded machine a worker must have the time to write its own.
    static let isolated = Sandbox.isolated(in: LuaWorkerPool(warm: 2, patience: .seconds(30)))

    let isRecursive = true

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await function()
        guard testCase != nil else { return }
        try await Self.$isIsolated.withValue(true) {
            try await Self.$sandbox.withValue(Self.isolated, operation: function)
        }
    }
}

extension Trait where Self == BothStrengths {
    static var inBothStrengths: Self { Self() }
}
