// A host program: it loads tools written in Lua, adds one of its own in Swift, runs an agent with both, shows what
// happens while it happens, and gets a typed value in the end.
//   swift run embed                 with an answer that is scripted, to see the mechanics
//   swift run embed --model local   with the embedded model (fetched once), or any other model name

import AgentRuntime
import AgentTesting
import Glibc

/// What the agent's answer is read as. Its schema, which the model is held to, is made of the type.
struct Plan: Decodable, SchemaDescribing {
    let plant: String
    let harvest: String

    static var schemaNotes: SchemaNotes { SchemaNotes(CodingKeys.self, [.harvest: "The day in words, e.g. 3 August"]) }
}

/// The arguments of the tool below: validated by the schema of the type, then decoded.
struct DateSum: Decodable, SchemaDescribing {
    let month: Int
    let day: Int
    let days: Int

    static var schemaNotes: SchemaNotes {
        SchemaNotes(CodingKeys.self, [.month: .range(1...12), .day: .range(1...31), .days: .range(0...366)])
    }
}

struct Date: Encodable {
    let month: Int
    let day: Int
}

struct Book: Decodable {
    let name: String
    let authors: [String]
}

@main
struct Embed {
    static func main() async throws {
        let host = RuntimeHost(variables: { name in getenv(name).map { String(cString: $0) } })
        try await planHarvest(host)
        try await extractBook(host)
        await host.shutdown()
    }

    /// Tools and a typed answer in one run, and the events on the way.
    static func planHarvest(_ host: RuntimeHost) async throws {
        let plans = try TypedOutput(Plan.self)
        let agent = Agent(
            model: try model(host, or: gardener), instructions: "You help gardeners. Look things up; do not guess.",
            tools: try await luaTools(host) + [addDays()], output: plans.format)
        for await event in agent.stream("I sow beans as early as I may. When do I harvest?") {
            switch event {
            case .toolCall(let call): print("→ \(call.name) \(call.arguments)")
            case .toolResult(let answer): print("← \(answer.content)")
            case .done(let result):
                let plan = try plans.value(of: result)
                print("Harvest the \(plan.plant) on \(plan.harvest).")
            case .failed(let error): throw error
            default: break
            }
        }
    }

    /// The shortest way from text to a value.
    static func extractBook(_ host: RuntimeHost) async throws {
        let agent = Agent(model: try model(host, or: librarian), instructions: "Extract the book that is spoken of.")
        let book = try await agent.run("I recently read 'To Kill a Mockingbird' by Harper Lee.", as: Book.self)
        print("\(book.name) by \(book.authors.joined(separator: " and "))")
    }

    /// Tools from a Lua file. It is granted nothing, so it can only compute.
    static func luaTools(_ host: RuntimeHost) async throws -> [any Tool] {
        let script = try await Script.run(contents(of: "tools.lua"), name: "tools.lua", in: host.scriptEnvironment())
        guard case .tools(let tools) = script.outcome else { return [] }
        return tools
    }

    /// A tool in Swift: its schema comes from the type of its arguments.
    static func addDays() throws -> some Tool {
        try SwiftTool("add_days", "The date some days after a date of this year.", effect: .read) { (sum: DateSum) in
            var now = time(nil)
            var date = tm()
            gmtime_r(&now, &date)
            date.tm_mon = Int32(sum.month) - 1
            date.tm_mday = Int32(sum.day + sum.days)
            date.tm_hour = 12
            timegm(&date)
            return Date(month: Int(date.tm_mon) + 1, day: Int(date.tm_mday))
        }
    }

    /// The model named on the command line; else a script of answers, so that this runs anywhere at once.
    static func model(_ host: RuntimeHost, or script: ScriptedModel) throws -> any Model {
        if let flag = CommandLine.arguments.firstIndex(of: "--model"), flag + 1 < CommandLine.arguments.count {
            return try host.model(CommandLine.arguments[flag + 1])
        }
        return script
    }

    static let gardener = ScriptedModel([
        .call("plant_info", #"{"plant":"bean"}"#),
        .call("add_days", #"{"month":5,"day":15,"days":80}"#),
        .text(#"{"plant":"beans","harvest":"3 August"}"#),
    ])
    static let librarian = ScriptedModel([.text(#"{"name":"To Kill a Mockingbird","authors":["Harper Lee"]}"#)])

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
