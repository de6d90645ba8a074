// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import ScriptTesting

struct TestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", _superCommandName: "agent", abstract: "Runs tests written in Lua.",
        discussion: """
            A test file is named *_test.lua and stands beside what it tests: agent.test("name", function(t) … end). Models answer \
            from a script in the test or from a tape; nothing goes over the network unless --record or --live asks for it, \
            and tests touch nothing but what the flags below allow.
            Exits with 0 when all tests passed, 1 when one failed, 2 when there are none.
            """)

    @OptionGroup var options: TestOptions
    @OptionGroup var grants: GrantOptions
    @OptionGroup var walls: SandboxOptions
    @Argument(
        help: ArgumentHelp("Test files, and folders to look for them; by default the current one.", valueName: "path"))
    var paths: [String] = []

    func run() async throws {
        let session = try TestSession(
            options, grants: grants.grants, walls: walls, paths: paths.isEmpty ? ["."] : paths)
        if options.watch {
            try await session.watch()
        } else {
            try await session.run()
        }
    }
}
