// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", _superCommandName: "agent",
        abstract: "Says what is installed, which key and model are used, and what is missing.",
        discussion: "Sends nothing and fetches nothing. Exits with 3 when the default model could not run.")

    @Flag(help: "Print one JSON object.") var json = false

    func run() async throws {
        let report = try Report()
        Console.out(json ? try report.json.serialized() + "\n" : report.text)
        if !report.isUsable { throw ExitStatus.configuration }
    }

    /// What the doctor found.
    private struct Report {
        let defaultModel: String
        let hasMistralKey = Self.isSet("MISTRAL_API_KEY")
        let openAIServer = environmentVariable("OPENAI_BASE_URL").flatMap { $0.isEmpty ? nil : $0 }
        let local: LocalInventory
        let isolation = Isolation()

        init() throws {
            let transport = AsyncHTTPClientTransport()
            let models = LocalModels(LocalConfiguration(variable: environmentVariable), transport: transport)
            local = try models.inventory()
            defaultModel = ModelCatalog(transport: transport, local: models, variable: environmentVariable).defaultName
        }

        /// Whether the default model can run now, or after fetching what can be fetched.
        var isUsable: Bool { defaultModel.hasPrefix("local") ? local.python.isPresent : true }

        var text: String {
            var lines = ["agent \(AgentVersion.current)", ""]
            lines.append("default model   \(defaultModel)")
            lines.append(
                "Mistral API     "
                    + (hasMistralKey ? "MISTRAL_API_KEY is set" : "no key: set MISTRAL_API_KEY to use it"))
            lines.append("OpenAI server   " + (openAIServer ?? "no address: set OPENAI_BASE_URL to use openai:NAME"))
            lines.append("--isolate       " + isolation.text)
            lines += ["", "The embedded models (local), no key and no network once they are there:"]
            for item in local.items {
                lines.append("  \(item.isPresent ? "there  " : "missing")  \(item.name): \(item.note)")
                if let path = item.path { lines.append("           \(path)") }
            }
            return lines.joined(separator: "\n") + "\n"
        }

        var json: JSONValue {
            [
                "version": .string(AgentVersion.current), "default_model": .string(defaultModel),
                "mistral_api_key": .bool(hasMistralKey), "openai_base_url": openAIServer.map { .string($0) } ?? .null,
                "isolation": isolation.json,
                "local": .array(
                    local.items.map { item in
                        [
                            "name": .string(item.name), "path": item.path.map { .string($0) } ?? .null,
                            "note": .string(item.note),
                        ]
                    }),
            ]
        }

        private static func isSet(_ name: String) -> Bool { !(environmentVariable(name) ?? "").isEmpty }
    }
}
