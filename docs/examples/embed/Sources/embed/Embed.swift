// A host program: it loads tools written in Lua, adds one of its own in Swift, runs an agent with both, shows what
// happens while it happens, and gets a typed value in the end.
//   swift run embed                 with an answer that is scripted, to see the mechanics
//   swift run embed --model local   with the embedded model (fetched once), or any other model name

import AgentRuntime
import AgentTesting
import Glibc

/// What the agent's answer is read as.
struct Plan: Decodable {
    let plant: String
    let harvest: String
}

/// The arguments of the tool below: validated by its schema, then decoded.
struct DateSum: Decodable {
    let month: Int
    let day: Int
    let days: Int
}

@main
struct Embed {
    static func main() async throws {
        let host = RuntimeHost(variables: { name in getenv(name).map { String(cString: $0) } })
        let agent = Agent(
            model: try model(host), instructions: "You help gardeners. Look things up; do not guess.",
            tools: try await luaTools(host) + [addDays], output: try planFormat())

        var result: RunResult?
        for await event in agent.stream("I sow beans as early as I may. When do I harvest?") {
            switch event {
            case .toolCall(let call): print("→ \(call.name) \(call.arguments)")
            case .toolResult(let answer): print("← \(answer.content)")
            case .done(let done): result = done
            case .failed(let error): throw error
            default: break
            }
        }
        guard let plan = try result?.output(as: Plan.self) else { return }
        print("Harvest the \(plan.plant) on \(plan.harvest).")
        await host.shutdown()
    }

    /// Tools from a Lua file. It is granted nothing, so it can only compute.
    static func luaTools(_ host: RuntimeHost) async throws -> [any Tool] {
        let script = try await Script.run(contents(of: "tools.lua"), name: "tools.lua", in: host.scriptEnvironment())
        guard case .tools(let tools) = script.outcome else { return [] }
        return tools
    }

    /// A tool in Swift with typed arguments.
    static let addDays = SwiftTool(
        "add_days", "The date some days after a date of this year.",
        parameters: [
            "type": "object",
            "properties": [
                "month": ["type": "integer", "minimum": 1, "maximum": 12],
                "day": ["type": "integer", "minimum": 1, "maximum": 31],
                "days": ["type": "integer", "minimum": 0, "maximum": 366],
            ],
            "required": ["month", "day", "days"], "additionalProperties": false,
        ], effect: .read
    ) { (sum: DateSum) in
        var now = time(nil)
        var date = tm()
        gmtime_r(&now, &date)
        date.tm_mon = Int32(sum.month) - 1
        date.tm_mday = Int32(sum.day + sum.days)
        date.tm_hour = 12
        timegm(&date)
        return .value(["month": .integer(Int64(date.tm_mon) + 1), "day": .integer(Int64(date.tm_mday))])
    }

    static func planFormat() throws -> OutputFormat {
        .schema(
            try JSONSchema([
                "type": "object",
                "properties": [
                    "plant": ["type": "string"],
                    "harvest": ["type": "string", "description": "The day in words, e.g. 3 August"],
                ],
                "required": ["plant", "harvest"], "additionalProperties": false,
            ]), name: "plan")
    }

    /// The model named on the command line; else a script of answers, so that this runs anywhere at once.
    static func model(_ host: RuntimeHost) throws -> any Model {
        if let flag = CommandLine.arguments.firstIndex(of: "--model"), flag + 1 < CommandLine.arguments.count {
            return try host.model(CommandLine.arguments[flag + 1])
        }
        return ScriptedModel([
            .call("plant_info", #"{"plant":"bean"}"#),
            .call("add_days", #"{"month":5,"day":15,"days":80}"#),
            .text(#"{"plant":"beans","harvest":"3 August"}"#),
        ])
    }

    static func contents(of path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else {
            throw ModelError(.configuration, "run this in docs/examples/embed: no \(path)")
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes[..<count])
    }
}
