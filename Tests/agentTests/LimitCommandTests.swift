// SPDX-License-Identifier: Apache-2.0

import Testing

/// What a script may use up, from the outside.
@Suite struct LimitCommandTests {
    @Test(arguments: [["run"], ["run", "--isolate"]]) func aScriptThatNeverEndsIsStopped(words: [String]) async throws {
        let command = try Command()
        try command.folder.write("while true do pcall(function() while true do end end) end", to: "task.lua")
        let outcome = try await command.run(words + ["--lua-cpu", "0.2", "task.lua"])
        #expect(outcome.status == 5)
        // Where the machine is so busy that a worker has to be killed, its place is not known.
        let place = words.contains("--isolate") ? "" : "task.lua:1: "
        #expect(outcome.err.contains(place + "the time limit of the call was reached"), "\(outcome.err)")
        #expect(outcome.err.contains("; allow more with --lua-cpu=SECONDS"), "\(outcome.err)")
    }

    @Test(arguments: [["run"], ["run", "--isolate"]]) func memoryIsWhatTheFlagSays(words: [String]) async throws {
        let command = try Command()
        try command.folder.write("local t = {} for i = 1, 2e5 do t[i] = {} end print('done')", to: "task.lua")
        let little = try await command.run(words + ["--lua-memory", "4", "task.lua"])
        #expect(little.status == 5)
        #expect(
            little.err.contains(
                "not enough memory: the script may hold 4194304 bytes; allow more with --lua-memory=MIB"))
        let enough = try await command.run(words + ["--lua-memory=100", "--lua-cpu=0", "task.lua"])
        #expect(enough.out == "done\n" && enough.status == 0, "\(enough.err)")
    }

    @Test(arguments: ["--lua-cpu=-1", "--lua-cpu=nan", "--lua-memory=0", "--lua-memory=70000"])
    func limitsOutOfRangeAreRefused(flag: String) async throws {
        let command = try Command()
        try command.folder.write("print(1)", to: "task.lua")
        let outcome = try await command.run(["run", flag, "task.lua"])
        #expect(outcome.status == 2 && outcome.err.contains("expected"), "\(outcome.err)")
    }
}
