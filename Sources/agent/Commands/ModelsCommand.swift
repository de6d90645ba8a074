// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", _superCommandName: "agent", abstract: "Lists the models of the Mistral API.",
        discussion: "Prints an id a line; with an id, its card.")

    @OptionGroup var options: ServiceOptions
    @Argument(help: "A model.") var id: String?

    func run() async throws {
        let session = try ServiceSession(options)
        try await session.run {
            let platform = try session.services.platform()
            if let id {
                let card = try await platform.model(id)
                session.emit(try card.serialized(indent: options.json ? nil : 2) + "\n")
            } else {
                let cards = try await platform.models()
                if options.json { return try session.emit(.array(cards)) }
                for card in cards { session.emit("\(card["id"]?.stringValue ?? "")\n") }
            }
        }
    }
}
