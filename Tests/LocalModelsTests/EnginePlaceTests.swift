// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import Testing

@testable import LocalModels

@Suite struct EnginePlaceTests {
    private let folder: TemporaryFolder
    private let configuration: LocalConfiguration

    init() throws {
        folder = try TemporaryFolder()
        configuration = Self.configuration(in: folder.path)
    }

    static func configuration(in path: String, _ more: [String: String] = [:]) -> LocalConfiguration {
        let runtime = ["HOME": path, "XDG_RUNTIME_DIR": path, "PATH": path + "/bin"]
        return LocalConfiguration { more[$0] ?? runtime[$0] }
    }

    private func place(_ configuration: LocalConfiguration) throws -> EnginePlace {
        try EnginePlace(configuration, configuration.modelPath == nil ? ModelManifest().weights(named: nil) : nil)
    }

    @Test func theFolderOfTheSocketsIsThisUsersOnly() throws {
        let place = try place(configuration)
        try place.prepare()
        try place.prepare()
        let mode = try FileManager.default.attributesOfItem(atPath: place.runtimeDirectory)[.posixPermissions]
        #expect(mode as? Int == 0o700)
        #expect(place.runtimeDirectory.hasPrefix(folder.path + "/agent/"))
    }

    /// Another user may be first in `/tmp`; his folder must not be used.
    @Test func aFolderThatOthersMayWriteIntoIsRefused() throws {
        for name in ["open", "open/agent"] {
            let outer = try TemporaryFolder()
            try FileManager.default.createDirectory(
                atPath: outer.path + "/open/agent", withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            #expect(chmod(outer.path + "/open", 0o700) == 0)
            #expect(chmod(outer.path + "/" + name, 0o777) == 0)
            var configuration = configuration
            configuration.runtimeDirectory = outer.path + "/open/agent"
            let error = #expect(throws: ModelError.self) { try place(configuration).prepare() }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains(outer.path + "/" + name + ", ") == true)
            #expect(error?.message.contains("others may write into it") == true)
        }
    }

    @Test func aLinkIsNotAFolder() throws {
        let outer = try TemporaryFolder()
        #expect(symlink(folder.path, outer.path + "/agent") == 0)
        var configuration = configuration
        configuration.runtimeDirectory = outer.path + "/agent"
        let error = #expect(throws: ModelError.self) { try place(configuration).prepare() }
        #expect(error?.message.contains("it is not a folder") == true)
    }

    @Test(.enabled(if: getuid() == 0, "only root can make a folder that belongs to somebody else"))
    func aFolderOfSomebodyElseIsRefused() throws {
        let outer = try TemporaryFolder()
        #expect(mkdir(outer.path + "/agent", 0o700) == 0)
        #expect(chown(outer.path + "/agent", 4242, 4242) == 0)
        var configuration = configuration
        configuration.runtimeDirectory = outer.path + "/agent"
        let error = #expect(throws: ModelError.self) { try place(configuration).prepare() }
        #expect(error?.message.contains("it belongs to user 4242") == true)
    }

    @Test func aPathThatIsTooLongForASocketIsNamed() throws {
        var configuration = configuration
        configuration.runtimeDirectory += String(repeating: "/long", count: 20)
        let error = #expect(throws: ModelError.self) { try place(configuration).prepare() }
        #expect(error?.message.contains("100 at most; set XDG_RUNTIME_DIR") == true)
    }

    @Test func contextIsWhatIsAskedForUpToWhatTheWeightsHold() throws {
        let contexts = try ["512", "16384", "1000000"].map { text in
            try place(Self.configuration(in: folder.path, ["AGENT_LOCAL_CONTEXT": text])).context
        }
        #expect(contexts == [512, 16384, 32768])
    }

    @Test func anotherFileOfTheSameNameIsAnotherEngine() throws {
        let path = try folder.write("GGUF one", to: "m.gguf")
        let configuration = Self.configuration(in: folder.path, ["AGENT_LOCAL_MODEL": path])
        let first = try place(configuration)
        #expect(try place(configuration).runtimeDirectory == first.runtimeDirectory)
        try folder.write("GGUF number two", to: "m.gguf")
        #expect(try place(configuration).runtimeDirectory != first.runtimeDirectory)
        #expect(first.model == path)
    }

    @Test func aFileThatIsNoModelIsNamedWithTheReason() throws {
        let text = try folder.write("not a model", to: "m.txt")
        let reasons = [
            text: "it is not a GGUF file", folder.path + "/none.gguf": "No such file or directory",
            folder.path: "it is not a file",
        ]
        for (path, reason) in reasons {
            let configuration = Self.configuration(in: folder.path, ["AGENT_LOCAL_MODEL": path])
            let error = #expect(throws: ModelError.self) { try place(configuration) }
            #expect(error?.code == .configuration)
            #expect(error?.message.hasPrefix("AGENT_LOCAL_MODEL: \(path): \(reason)") == true)
        }
    }
}
