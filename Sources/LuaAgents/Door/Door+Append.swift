// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaRuntime

extension Door {
    /// Appends to a file. Where a journal is kept, the place of the text is known before it is written, so that after a crash it
    /// can be told whether it is there.
    func append(_ request: DoorRequest) async throws -> LuaAnswer {
        let path = try request.string(0, "path")
        let bytes = try request.bytes(1, "text")
        do {
            return try await appends.one {
                try await self.append(bytes, to: path, try self.capabilities.files.appending(path))
            }
        } catch let problem as FileProblem {
            return .failure(problem.description)
        }
    }

    private func append(_ bytes: [UInt8], to path: String, _ file: AppendedFile) async throws -> LuaAnswer {
        guard let scope = JournalScope.current else {
            try file.append(bytes)
            return .json(true)
        }
        let start = try await scope.perform(JournalStep("fs.size", name: path), .size) { try file.size() }
        let step = JournalStep(
            "fs.append", name: path, effect: scope.isReadOnly ? .read : .write,
            request: ["path": .string(path), "at": .integer(start), "text": LuaValue.bytes(bytes).journalValue])
        let answer = try await scope.perform(step, .door) { _ in
            switch try file.state(of: bytes, at: start) {
            case .there: .happened(DoorAnswer(.json(true)))
            case .missing: .mayRun
            case .other: .unknown
            }
        } _: {
            try file.append(bytes, at: start)
            return DoorAnswer(.json(true))
        }
        return answer.answer
    }
}

extension JournalForm<Int64> {
    fileprivate static var size: JournalForm {
        JournalForm(
            encode: { JournalAnswer(.integer($0)) },
            decode: { value in
                guard let size = value.integerValue else { throw JournalError(.format, "fs.size: expected an integer") }
                return size
            })
    }
}

/// Lets one after another append, so that each knows where its text begins.
actor AppendTurns {
    private var last: Task<Void, Never>?

    func one<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let before = last
        // Owned by this call, which waits for it.
        let turn = Task { () async throws -> Value in
            await before?.value
            return try await body()
        }
        last = Task { _ = await turn.result }
        return try await withTaskCancellationHandler {
            try await turn.value
        } onCancel: {
            turn.cancel()
        }
    }
}
