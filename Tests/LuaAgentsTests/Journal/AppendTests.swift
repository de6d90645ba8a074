// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONCore
import Testing

@testable import LuaAgents

@Suite struct AppendTests {
    private let folder: TemporaryFolder
    private let file: AppendedFile

    init() throws {
        folder = try TemporaryFolder()
        let access = FileAccess(grants: Grants(read: .only([folder.path]), write: .only([folder.path])))
        file = try access.appending(folder.path + "/a.txt")
    }

    private func state(_ text: String, from start: Int64) throws -> AppendedFile.State {
        try file.state(of: Array(text.utf8), from: start)
    }

    private var content: String { get throws { try String(contentsOfFile: folder.path + "/a.txt", encoding: .utf8) } }

    /// A text was once written at the place where the file had ended, over what another process had appended meanwhile.
    @Test func leavesAloneWhatOthersAppendMeanwhile() async throws {
        var world = World()
        world.environment.grants = Grants(write: .only([folder.path]), exec: .only(["sh"]))
        let path = folder.path + "/a.txt"
        let value = try await world.value(
            """
            local agent = require "agent"
            local list = {}
            for i = 1, 60 do list[i] = i end
            agent.map(list, { width = 12 }, function(i)
              if i % 2 == 0 then assert(agent.fs.append("\(path)", "own " .. i .. "\\n"))
              else assert(agent.exec { "sh", "-c", "echo other \\"$1\\" >> \(path)", "sh", tostring(i) }) end
            end)
            return true
            """)
        #expect(value == true)
        #expect(try content.split(separator: "\n").count == 60)
    }

    @Test func findsWhatIsThere() throws {
        try file.append(Array("before\n".utf8))
        #expect(try state("mine\n", from: 7) == .missing)
        try file.append(Array("other\nmine\nmore\n".utf8))
        #expect(try state("mine\n", from: 7) == .there)
        #expect(try state("before\n", from: 7) == .missing)
        #expect(try state("", from: 7) == .there)
    }

    @Test func findsWhatIsHalfThere() throws {
        try file.append(Array("before\nmi".utf8))
        #expect(try state("mine\n", from: 7) == .begun(count: 2))
        #expect(try state("your\n", from: 7) == .missing)
    }
}
