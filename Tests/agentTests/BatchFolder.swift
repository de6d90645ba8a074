// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import JSONCore

/// A folder with a task and its items, whose effects are lines of `saved.txt`.
enum BatchFolder {
    static let words = ["batch", "in.jsonl", "task.lua", "--allow-write=saved.txt"]

    static func command(_ server: FakeModelServer, _ task: String, items: Range<Int>) throws -> Command {
        let command = try Command(server: server)
        try command.folder.write(task, to: "task.lua")
        try command.folder.write(items.map { "\"\($0)\"\n" }.joined(), to: "in.jsonl")
        return command
    }

    static func items(_ output: String) throws -> [JSONValue] {
        try output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    static func saved(_ command: Command) -> [String] {
        ((try? command.folder.read("saved.txt")) ?? "").split(separator: "\n").map(String.init)
    }
}
