// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaRuntime

extension Door {
    /// Each item that runs is a task of the host's.
    private static let greatestWidth = 10_000

    /// Runs an entry of Lua for each index, `width` at a time. The first error cancels the rest. With a name, it tells how far it is.
    func map(_ request: DoorRequest) async throws -> LuaAnswer {
        let function = try request.integer(0, "function")
        let count = Int(try request.integer(1, "count"))
        let width = min(Int(try request.integer(2, "width")), Self.greatestWidth)
        guard width >= 1 else { throw Misuse("agent.map: width: expected 1 or more, found \(width)") }
        guard count >= 0 else { throw Misuse("agent.map: count: expected 0 or more, found \(count)") }
        guard let state else { throw Misuse("the script has ended") }
        let progress = try request.json(3).stringValue.map {
            MapProgress($0, total: count, observe: environment.observe)
        }
        let step = JournalStep("map", request: ["count": .integer(Int64(count))])
        let answer = try await JournalScope.within(step, .door) {
            do {
                try await map(function, count, width, on: state, progress)
                return DoorAnswer(.nothing)
            } catch let error as LuaError {
                return DoorAnswer(.raise(error.message))
            }
        }
        return answer.answer
    }

    private func map(
        _ function: Int64, _ count: Int, _ width: Int, on state: LuaState, _ progress: MapProgress?
    ) async throws {
        let scope = JournalScope.current
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<count {
                if index >= width { try await group.next() }
                group.addTask {
                    let arguments = LuaMessage.of(.integer(function), .integer(Int64(index + 1)))
                    try await JournalScope.$current.withValue(scope?.line(index + 1)) {
                        let answer = try await self.enter(state, "call_function", arguments)
                        await progress?.finished(isError: try answer.json(at: 0).boolValue == true)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
