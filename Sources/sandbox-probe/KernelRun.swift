// SPDX-License-Identifier: Apache-2.0

import LuaRuntime

/// Runs a Lua file that measures itself and prints a number of seconds, with the default limits.
struct KernelRun {
    let file: String

    func run() async throws {
        let state = try LuaState(output: { write(String(decoding: $0, as: UTF8.self)) })
        _ = try await state.run(chunk: try CorpusRun.read(file), name: file)
    }
}
