// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import HTTPCore
import HTTPTransports
import Synchronization
import Testing

@testable import LocalModels

/// A shell script stands in for Python, so that neither Python nor an engine is needed.
@Suite final class EngineProgramTests: Sendable {
    private let folder: TemporaryFolder
    private let said = Mutex<[String]>([])

    init() throws { folder = try TemporaryFolder() }

    /// Asks a model whose Python is the script `python`, and gives the error.
    private func failure(
        python: String?, model: String? = nil, _ variables: [String: String] = [:]
    ) async throws -> ModelError? {
        var configuration = EnginePlaceTests.configuration(in: folder.path, variables)
        if let python { configuration.python = try folder.write("#!/bin/sh\n\(python)\n", to: "py", isProgram: true) }
        let transport = AsyncHTTPClientTransport()
        let local = LocalModels(configuration, transport: transport)
        let error = await #expect(throws: ModelError.self) {
            try await local.model(named: model).respond(to: ModelRequest(messages: [.user("Hi")])) { event in
                if case .progress(let text) = event { self.said.withLock { $0.append(text) } }
            }
        }
        await transport.shutdown()
        return error
    }

    @Test func progressAndTheReasonOfAFailureArePassedOn() async throws {
        let error = try await failure(
            python: """
                echo '{"event": "progress", "name": "some-weights", "done": 5000000, "total": 10000000}'
                echo '{"event": "waiting", "message": "x"}'
                echo '{"event": "error", "message": "the disk is full; free some space"}'
                exit 1
                """)
        #expect(error?.code == .unavailable)
        #expect(error?.message == "the local model could not be fetched: the disk is full; free some space")
        #expect(
            said.withLock { $0 } == [
                "fetching some-weights: [############············] 5 of 10 MB (once)",
                "waiting: another run is fetching the local model",
            ])
    }

    @Test func whatAnOldPythonSaysIsPassedOn() async throws {
        let error = try await failure(python: "echo 'line 1' >&2; echo 'SyntaxError: invalid syntax' >&2; exit 1")
        #expect(error?.message == "the local model could not be fetched: SyntaxError: invalid syntax")
    }

    @Test func aPythonThatCannotBeRunIsNamed() async throws {
        let error = try await failure(python: nil, ["AGENT_PYTHON": "/no/such/python"])
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("/no/such/python cannot be run") == true)
    }

    @Test func withoutPythonItSaysWhatToInstall() async throws {
        let error = try await failure(python: nil)
        #expect(error?.message.contains("needs Python 3.10") == true)
    }

    @Test func theReasonOfAFailedStartIsPassedOn() async throws {
        let model = try folder.write("GGUF and more", to: "m.gguf")
        let error = try await failure(
            python: """
                case "$1" in *fetch.py) exit 0 ;; esac
                echo 'the engine cannot load it' >&2
                exit 1
                """, ["AGENT_LOCAL_MODEL": model])
        #expect(error?.message == "the local model did not start: the engine cannot load it")
        #expect(said.withLock { $0 } == ["starting the local model"])
    }

    @Test func withAFileOfOnesOwnOnlyTheEngineIsFetched() async throws {
        let model = try folder.write("GGUF and more", to: "m.gguf")
        let error = try await failure(python: "shift 3; echo \"asked: $*\" >&2; exit 1", ["AGENT_LOCAL_MODEL": model])
        #expect(error?.message == "the local model could not be fetched: asked: --no-model")
    }

    @Test func aNameMeansTheFetchedWeightsEvenBesideAFileOfOnesOwn() async throws {
        let model = try folder.write("GGUF and more", to: "m.gguf")
        let error = try await failure(
            python: "shift 3; echo \"asked: $*\" >&2; exit 1", model: "smollm2-135m-instruct",
            ["AGENT_LOCAL_MODEL": model])
        #expect(error?.message == "the local model could not be fetched: asked: --model smollm2-135m-instruct")
    }

    @Test func anUnknownNameNamesWhatThereIs() async throws {
        let error = try await failure(python: "exit 1", model: "nonsense")
        #expect(error?.code == .configuration)
        #expect(
            error?.message
                == "there is no local model \"nonsense\"; there are: qwen2.5-coder-1.5b-instruct, smollm2-135m-instruct, or "
                + "name a GGUF file with AGENT_LOCAL_MODEL")
    }

    @Test func aSettingThatIsNoNumberIsTheErrorOfTheFirstUse() async throws {
        let error = try await failure(python: "exit 1", ["AGENT_LOCAL_CONTEXT": "0"])
        #expect(error?.code == .configuration)
        #expect(error?.message.hasPrefix("AGENT_LOCAL_CONTEXT: expected") == true)
    }

    @Test func manyRunsAtOnceStartPythonOnce() async throws {
        var configuration = EnginePlaceTests.configuration(in: folder.path)
        let log = folder.path + "/starts"
        configuration.python = try folder.write(
            "#!/bin/sh\necho x >> \(log)\nwhile [ ! -e \(folder.path)/go ]; do sleep 0.02; done\nexit 1\n", to: "py",
            isProgram: true)
        let transport = AsyncHTTPClientTransport()
        let local = LocalModels(configuration, transport: transport)
        let waiting = Counter()
        let failures = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    do {
                        _ = try await local.model(named: nil).respond(to: ModelRequest(messages: [.user("Hi")])) { _ in
                            if waiting.add() == 49 { try self.folder.write("", to: "go") }
                        }
                        return false
                    } catch { return error is ModelError }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        await transport.shutdown()
        #expect(failures == 50)
        #expect(try String(contentsOfFile: log, encoding: .utf8) == "x\n")
    }

    @Test func aCancelledFetchIsAskedToEndAndIsGone() async throws {
        var configuration = EnginePlaceTests.configuration(in: folder.path)
        configuration.python = try folder.write(
            """
            #!/bin/sh
            trap 'echo asked > \(folder.path)/ended; kill $child; exit 143' TERM
            sleep 60 & child=$!
            echo '{"event": "progress", "done": 0, "total": 1000000}'
            wait
            """, to: "py", isProgram: true)
        let transport = AsyncHTTPClientTransport()
        let model = LocalModels(configuration, transport: transport).model(named: nil)
        let began = AsyncStream<Void>.makeStream()
        let run = Task {
            try await model.respond(to: ModelRequest(messages: [.user("Hi")])) { _ in began.continuation.finish() }
        }
        for await _ in began.stream {}
        run.cancel()
        await #expect(throws: CancellationError.self) { _ = try await run.value }
        #expect(FileManager.default.fileExists(atPath: folder.path + "/ended"))
        await transport.shutdown()
    }
}
