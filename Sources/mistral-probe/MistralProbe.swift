// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// `mistral-probe`: calls Swift's types of the Mistral API, so that the official SDK can judge what Lua does not show.
///
/// Reads calls from stdin, each a line `{"call":NAME,"arguments":[…]}`, and prints what each gave as a line `{"value":…}`
/// or `{"error":…}`. `MISTRAL_SERVER_URL` and `MISTRAL_API_KEY` say whom to ask.
@main
struct MistralProbe {
    static func main() async {
        let variable = { @Sendable (name: String) -> String? in getenv(name).map { String(cString: $0) } }
        let host = RuntimeHost(variables: variable)
        let calls = ProbeCalls(host: host, variable: variable)
        while let line = readLine() { print(await answer(to: line, calls)) }
        await host.shutdown()
    }

    private static func answer(to line: String, _ calls: ProbeCalls) async -> String {
        do {
            let call = try JSONValue(parsing: line)
            let value = try await calls.make(call["call"]?.stringValue ?? "", call["arguments"]?.arrayValue ?? [])
            return try JSONValue.object(["value": value]).serialized()
        } catch {
            let said = JSONValue.object(["error": .string("\(error)")])
            return (try? said.serialized()) ?? "{}"
        }
    }
}
