// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import LocalModels

@Suite struct LocalConfigurationTests {
    private func configuration(_ variables: [String: String]) -> LocalConfiguration {
        LocalConfiguration { variables[$0] }
    }

    @Test func withoutARuntimeFolderOfThisUsersItIsBelowTmp() throws {
        let expected = "/tmp/agent-\(getuid())/agent"
        #expect(configuration([:]).runtimeDirectory == expected)
        #expect(configuration(["XDG_RUNTIME_DIR": "relative"]).runtimeDirectory == expected)
        #expect(configuration(["XDG_RUNTIME_DIR": "/there/is/none"]).runtimeDirectory == expected)
        #expect(configuration(["XDG_RUNTIME_DIR": "/tmp"]).runtimeDirectory == expected)
        let folder = try TemporaryFolder()
        #expect(configuration(["XDG_RUNTIME_DIR": folder.path]).runtimeDirectory == folder.path + "/agent")
    }

    @Test func theCacheIsBelowHomeUnlessToldOtherwise() {
        #expect(configuration(["HOME": "/h"]).cacheDirectory == "/h/.cache/agent/local")
        #expect(configuration(["HOME": "/h", "XDG_CACHE_HOME": "c"]).cacheDirectory == "/h/.cache/agent/local")
        #expect(configuration(["HOME": "/h", "XDG_CACHE_HOME": "/c"]).cacheDirectory == "/c/agent/local")
    }

    @Test func programsAreFoundOnPath() throws {
        let folder = try TemporaryFolder()
        let server = try folder.write("", to: "b/llama-server", isProgram: true)
        let python = try folder.write("", to: "b/python3.99", isProgram: true)
        let found = configuration(["PATH": "/none:\(folder.path)/b", "AGENT_PYTHON": "python3.99"])
        #expect(found.llamaServer == server)
        #expect(found.python == python)
        #expect(configuration(["PATH": "/none"]).python == nil)
        #expect(configuration(["AGENT_PYTHON": "/my/python"]).python == "/my/python")
    }

    @Test func aSettingThatIsNoNumberIsKeptAsAnError() {
        let good = configuration(["AGENT_LOCAL_IDLE": "0", "AGENT_LOCAL_CONTEXT": "4096"])
        #expect(good.idleSeconds == 0)
        #expect(good.contextTokens == 4096)
        #expect(good.invalidSetting == nil)
        let bad = configuration(["AGENT_LOCAL_CONTEXT": "many"])
        #expect(
            bad.invalidSetting
                == "AGENT_LOCAL_CONTEXT: expected a number of tokens from 512 to 1048576, found \"many\"")
        #expect(configuration(["AGENT_LOCAL_IDLE": "-1"]).invalidSetting?.hasPrefix("AGENT_LOCAL_IDLE: ") == true)
    }
}
