// SPDX-License-Identifier: Apache-2.0

import LuaRuntime

/// Runs a Lua file that measures itself and prints a number of seconds, with the default limits.
struct KernelRun {
    let file: String
    let sandbox: Sandbox

    func run() async throws {
        let state = try LuaState(sandbox: sandbox, output: { write(String(decoding: $0, as: UTF8.self)) })
        _ = try await state.run(chunk: try CorpusRun.read(file), name: file)
    }
}
