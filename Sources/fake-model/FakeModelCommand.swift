// SPDX-License-Identifier: Apache-2.0

import FakeModelServer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// `fake-model`: a chat completion server without a model, for benchmarks and for tests of programs.
///
/// Prints its port (0 on a unix-domain socket) on the first line once it listens, and runs until it is killed.
@main
struct FakeModelCommand {
    static let usage = """
        usage: fake-model [--port N | --socket PATH] [--tool-turns N] [--tool NAME] [--arguments JSON] [--text TEXT]

        Answers every POST with a chat completion, streamed if the request says "stream":true: a call of NAME with
        the arguments JSON until N tool results are in the history, then TEXT.

        """

    static func main() async {
        do {
            try await run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            write("fake-model: \(error)\n" + usage, to: 2)
            exit(error is UsageError ? 64 : 1)
        }
    }

    private static func run(_ arguments: [String]) async throws {
        var options: [String: String] = [:]
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard ["--port", "--socket", "--tool-turns", "--tool", "--arguments", "--text"].contains(name) else {
                throw UsageError(description: "unknown option \(name)")
            }
            guard let value = rest.popFirst() else { throw UsageError(description: "\(name) needs a value") }
            options[name] = value
        }
        let turns = try number(options["--tool-turns"], name: "--tool-turns")
        let port = try number(options["--port"], name: "--port")
        let standard = FakeConversation(
            toolTurns: turns, tool: options["--tool"] ?? "echo", arguments: options["--arguments"] ?? "{}")
        let conversation =
            options["--text"].map {
                FakeConversation(
                    toolTurns: turns, tool: options["--tool"] ?? "echo", arguments: options["--arguments"] ?? "{}",
                    text: $0)
            } ?? standard
        raiseFileLimit()
        let server = try await FakeModelServer.start(
            on: options["--socket"].map { .unixSocket($0) } ?? .loopback(port: port), conversation: conversation)
        write("\(server.port)\n", to: 1)
        try await server.waitForShutdown()
    }

    private static func number(_ text: String?, name: String) throws -> Int {
        guard let text else { return 0 }
        guard let number = Int(text), number >= 0 else {
            throw UsageError(description: "\(name) expects a number of 0 or more, not \(text)")
        }
        return number
    }

    /// A thousand connections do not fit the usual soft limit of 1,024 files.
    private static func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(fileLimit, &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        _ = setrlimit(fileLimit, &limit)
    }

    #if canImport(Glibc)
        private static let fileLimit = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let fileLimit = RLIMIT_NOFILE
    #endif

    private static func write(_ text: String, to file: Int32) {
        var text = text
        text.withUTF8 { bytes in
            #if canImport(Glibc)
                _ = Glibc.write(file, bytes.baseAddress, bytes.count)
            #elseif canImport(Musl)
                _ = Musl.write(file, bytes.baseAddress, bytes.count)
            #else
                _ = Darwin.write(file, bytes.baseAddress, bytes.count)
            #endif
        }
    }
}

struct UsageError: Error, CustomStringConvertible {
    let description: String
}
