// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", _superCommandName: "agent", abstract: "Lists models with their context and their price.",
        discussion: """
            Prints a line a model, those of the Mistral API and those of this machine, and below them where the prices are from; \
            with an id, its card. Without a key it lists the models of this machine and sends nothing.
            """)

    @OptionGroup var options: ServiceOptions
    @Argument(help: "A model.") var id: String?

    func run() async throws {
        let session = try ServiceSession(options)
        try await session.run {
            if let id {
                let card = try await session.services.platform().model(id)
                session.emit(try card.serialized(indent: options.json ? nil : 2) + "\n")
            } else {
                let listing = ModelListing(
                    cards: try await cards(session), prices: session.ledger.prices, local: try session.localInventory())
                session.emit(options.json ? try listing.json.serialized() + "\n" : listing.text)
            }
        }
    }

    /// The cards of the Mistral API; none, and a line that says so, where there is no key.
    private func cards(_ session: ServiceSession) async throws -> [JSONValue] {
        let platform: any Platform
        do {
            platform = try session.services.platform()
        } catch let error as ModelError where error.code == .configuration {
            session.note("only the models of this machine: \(error)")
            return []
        }
        return try await platform.models()
    }
}
