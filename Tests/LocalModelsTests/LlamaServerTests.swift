// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import HTTPTransports
import Testing

@testable import LocalModels

/// A `llama-server` on `PATH`, which a small Python program stands in for.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["AGENT_TEST_ENGINE"] == "1", "scripts/test-engine"))
struct LlamaServerTests {
    /// Says which of its options it got; the answer is one chunk of a stream.
    private static let program = #"""
        import http.server, json, os, socketserver, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            def address_string(self): return "local"
            def reply(self, kind, body):
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def do_GET(self): self.reply("application/json", b'{"status":"ok"}')
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                text = " ".join(a for a in sys.argv[1:] if a.startswith("--")) + " " + str(os.environ.get("LLAMA_API_KEY"))
                chunk = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": "stop"}]}
                self.reply("text/event-stream", ("data: %s\n\ndata: [DONE]\n\n" % json.dumps(chunk)).encode())
        class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
            daemon_threads = True
        Server(sys.argv[sys.argv.index("--host") + 1], Handler).serve_forever()
        """#

    private func respond(help: String, in folder: TemporaryFolder) async throws -> ModelResponse {
        let server = try folder.write(Self.program, to: "server.py")
        try folder.write(
            "#!/bin/sh\n[ \"$1\" = --help ] && { echo '\(help)'; exit; }\nLLAMA=1 exec python3 \(server) \"$@\"\n",
            to: "bin/llama-server", isProgram: true)
        let model = try folder.write("GGUF and more", to: "m.gguf")
        let environment = ProcessInfo.processInfo.environment
        let own = [
            "XDG_RUNTIME_DIR": folder.path, "XDG_CACHE_HOME": folder.path, "AGENT_LOCAL_IDLE": "0",
            "AGENT_LOCAL_MODEL": model, "PATH": "\(folder.path)/bin:\(environment["PATH"] ?? "")",
        ]
        let transport = AsyncHTTPClientTransport()
        let local = LocalModels(LocalConfiguration { own[$0] ?? environment[$0] }, transport: transport)
        let outcome = await Result {
            try await local.model(named: nil).respond(
                to: ModelRequest(messages: [.user("Hi")], streams: true)
            ) { _ in }
        }
        await transport.shutdown()
        return try outcome.get()
    }

    @Test func itIsUsedInPlaceOfTheFetchedEngine() async throws {
        let folder = try TemporaryFolder()
        let response = try await respond(
            help: "--host HOST  ip address to listen, or bind to an UNIX socket\n--jinja  use jinja", in: folder)
        #expect(
            response.message.text
                == "--model --host --alias --ctx-size --batch-size --parallel --threads --threads-batch --jinja None")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/agent/local/engine"))
    }

    @Test func oneThatServesOnPortsOnlyIsRefusedWithTheWayOut() async throws {
        let folder = try TemporaryFolder()
        let error = await #expect(throws: ModelError.self) {
            try await respond(help: "--host HOST  ip address to listen", in: folder)
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("llama-server cannot serve on a Unix socket") == true)
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
