// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct ModerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "moderate", _superCommandName: "agent", abstract: "Judges texts or a conversation.",
        discussion: """
            Prints a line a text: ok or flagged, a tab, categories with their scores, a tab, the text. Exits with 7 when \
            something is flagged, with 0 when nothing is.
            An argument that is the path of a file stands for its content; - is stdin.
            """)

    @OptionGroup var service: ServiceModelOption
    @OptionGroup var options: ServiceOptions
    @Option(
        help: ArgumentHelp(
            "Flag from this score on, for all categories or one: 0.2, pii=0.5. By default the provider decides.",
            valueName: "[category=]score"))
    var threshold: [String] = []
    @Option(help: ArgumentHelp("A JSON file: a list of messages, or of conversations; - is stdin.", valueName: "file"))
    var conversation: String?
    @Argument(help: ArgumentHelp("Texts or files; - reads stdin.", valueName: "text")) var words: [String] = []

    func validate() throws {
        if words.isEmpty == (conversation == nil) {
            throw ValidationError("expected texts or --conversation FILE.json, and one of them")
        }
        _ = try ModerationThresholds(threshold)
    }

    func run() async throws {
        let session = try ServiceSession(options)
        try await session.run {
            let (input, names) = try await input()
            let thresholds = try ModerationThresholds(threshold)
            let model = try session.services.moderationModel(service.model)
            let response = try await model.moderate(input) { session.show($0) }
            session.use(response.usage)
            let verdicts = try response.verdicts.map { try thresholds.applied(to: $0) }
            if options.json {
                try session.emit([
                    "id": .string(response.id), "model": .string(response.model),
                    "results": .array(verdicts.map(\.scriptValue)), "usage": response.usage.scriptValue,
                ])
            } else {
                for (verdict, name) in zip(verdicts, names) { session.emit(Self.line(verdict, name)) }
            }
            if verdicts.contains(where: \.isFlagged) { throw ExitStatus.denied }
        }
    }

    private func input() async throws -> (ModerationInput, names: [String]) {
        if let conversation { return try await self.conversation(conversation) }
        var texts: [String] = []
        for word in words {
            texts.append(word == "-" || TextArguments.isFile(word) ? try await TextArguments.text(of: word) : word)
        }
        return (.texts(texts), texts)
    }

    private func conversation(_ file: String) async throws -> (ModerationInput, names: [String]) {
        let input: ModerationInput
        do {
            let value = try JSONValue(parsing: try await TextArguments.text(of: file))
            input = try ModerationInput(scriptValue: value["messages"] ?? value, file)
        } catch let error as JSONError {
            throw UsageError("\(file): \(error)")
        } catch let error as Misuse {
            throw UsageError(error.description)
        }
        guard case .conversations(let conversations) = input else {
            throw UsageError("\(file): expected a list of messages or of conversations, found texts")
        }
        return (input, conversations.map { $0.last?.text ?? "" })
    }

    private static func line(_ verdict: ModerationResponse.Verdict, _ text: String) -> String {
        let flagged = verdict.categories.filter(\.isFlagged)
        let shown = (flagged.isEmpty ? [] : flagged).sorted { $0.score > $1.score }
        let names = shown.map { "\($0.name) \(Double(Int($0.score * 1000)) / 1000)" }.joined(separator: ", ")
        return "\(flagged.isEmpty ? "ok" : "flagged")\t\(names)\t\(Printable.short(text))\n"
    }
}

/// From which scores on categories are flagged.
struct ModerationThresholds {
    private var all: Double?
    private var own: [String: Double] = [:]

    /// - Throws: `ValidationError` for what is no score from 0 to 1.
    init(_ arguments: [String]) throws {
        for argument in arguments.flatMap({ $0.split(separator: ",") }) {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let score = parts.last.flatMap({ Double($0) }), (0...1).contains(score), parts.first != "" else {
                throw ValidationError("--threshold: expected 0 to 1 or category=0 to 1, found '\(argument)'")
            }
            if parts.count == 1 { all = score } else { own[String(parts[0])] = score }
        }
    }

    /// `verdict`, flagged by these scores where there are any.
    ///
    /// - Throws: ``UsageError`` for a category that the model does not know.
    func applied(to verdict: ModerationResponse.Verdict) throws -> ModerationResponse.Verdict {
        let known = verdict.categories.map(\.name)
        if let foreign = own.keys.sorted().first(where: { !known.contains($0) }) {
            throw UsageError(
                "--threshold: there is no category '\(foreign)'; there are \(known.joined(separator: ", "))")
        }
        var verdict = verdict
        for place in verdict.categories.indices {
            let category = verdict.categories[place]
            guard let least = own[category.name] ?? all else { continue }
            verdict.categories[place].isFlagged = category.score >= least
        }
        return verdict
    }
}
