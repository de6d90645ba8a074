// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaRuntime
import Synchronization

extension Door {
    /// Appends to a file. Where a journal is kept, the place of the text is known before it is written, so that after a crash it
    /// can be told whether it is there.
    func append(_ request: DoorRequest) async throws -> LuaAnswer {
        let path = try request.string(0, "path")
        let bytes = try request.bytes(1, "text")
        let answer = try await appends.one { try await self.append(bytes, to: path) }
        if let denial = answer.denial { registry.noteDenial(denial) }
        return answer.answer
    }

    private func append(_ bytes: [UInt8], to path: String) async throws -> DoorAnswer {
        guard let scope = JournalScope.current else {
            return try await tried { try self.capabilities.files.appending(path).append(bytes) }
        }
        // The file is opened where it is needed: a replay touches nothing.
        let size = try await scope.perform(JournalStep("fs.size", name: path), .door) {
            try await tried { .json(.integer(try self.capabilities.files.appending(path).size())) }
        }
        guard case .values(let message) = size.answer, let start = try message.json(at: 0).integerValue else {
            return size
        }
        let step = JournalStep(
            "fs.append", name: path, effect: scope.isReadOnly ? .read : .write,
            request: ["path": .string(path), "at": .integer(start), "text": LuaValue.bytes(bytes).journalValue])
        let written = Mutex(0)
        return try await scope.perform(step, .door) { _ in
            switch try self.capabilities.files.appending(path).state(of: bytes, from: start) {
            case .there: return .happened(DoorAnswer(.json(true)))
            case .missing: return .mayRun
            case .begun(let count):
                written.withLock { $0 = count }
                return .mayRun
            }
        } _: {
            let rest = bytes[written.withLock(\.self)...]
            return try await tried { try self.capabilities.files.appending(path).append(rest) }
        }
    }

    private func tried(_ body: @Sendable () throws -> Void) async throws -> DoorAnswer {
        try await tried {
            try body()
            return .json(true)
        }
    }

    private func tried(_ body: @Sendable () throws -> LuaAnswer) async throws -> DoorAnswer {
        try await caught {
            do { return try body() } catch let problem as FileProblem { return .failure(problem.description) }
        }
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
