// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct ModerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "moderate", _superCommandName: "agent", abstract: "Judges files, texts or a conversation.",
        discussion: """
            Prints a line a text: ok or flagged, a tab, categories with their scores, a tab, the file or the text. Exits with \
            7 when something is flagged, with 0 when nothing is, and with another code when it could not judge.
            An argument that is the path of a file stands for its content; - is stdin. Long texts are judged in pieces.
            Without the Mistral API (--model local) a chat model on this machine judges, by the documented self-reflection \
            prompt; --categories has any chat model judge so, by your own categories.
            """)

    @OptionGroup var service: ServiceModelOption
    @OptionGroup var options: ServiceOptions
    @Option(
        help: ArgumentHelp(
            "Flag from this score on, for all categories or one: 0.2, pii=0.5. By default the provider decides.",
            valueName: "[category=]score"))
    var threshold: [String] = []
    @Option(help: ArgumentHelp("Never flag these categories: law,health.", valueName: "categories"))
    var ignore: [String] = []
    @Option(help: ArgumentHelp("Flag these categories only.", valueName: "categories"))
    var only: [String] = []
    @Option(
        help: ArgumentHelp(
            "Have a chat model judge by these categories: fraud,malware,spoilers; all for the documented ones.",
            valueName: "categories"))
    var categories: [String] = []
    @Option(
        help: ArgumentHelp(
            "Judge by the rules for input of a policy instead, in Lua or JSON; what they replace is in --jsonl.",
            valueName: "file"))
    var guardrails: [String] = []
    @Option(help: ArgumentHelp("A JSON file: a list of messages, or of conversations; - is stdin.", valueName: "file"))
    var conversation: String?
    @Option(name: [.customShort("f"), .customLong("file")], help: "A file to judge; - is stdin.")
    var files: [String] = []
    @Flag(
        help: "Files hold a text a line: a JSON string, or an object with \"text\" (or \"input\") and perhaps \"id\".")
    var lines = false
    @Flag(help: "Print a JSON object a line, as verdicts come.") var jsonl = false
    @Argument(help: ArgumentHelp("Files or texts; - reads stdin.", valueName: "file")) var words: [String] = []

    func validate() throws {
        if (words + files).isEmpty == (conversation == nil) {
            throw ValidationError("expected texts or --conversation FILE.json, and one of them")
        }
        if jsonl && options.json { throw ValidationError("--json and --jsonl exclude each other") }
        if lines && conversation != nil { throw ValidationError("--lines is for texts, --conversation has none") }
        let others = [threshold, ignore, only, categories, conversation.map { [$0] } ?? []]
        if !guardrails.isEmpty, options.json || others.contains(where: { !$0.isEmpty }) {
            throw ValidationError(
                "--guardrails says by itself how texts are judged: with it go texts, files, --lines and --jsonl")
        }
        if !guardrails.isEmpty, options.dryRun {
            throw ValidationError("--guardrails may ask several models, which --dry-run cannot show")
        }
        _ = try policy()
    }

    func run() async throws {
        let session = try ServiceSession(options)
        try await session.run {
            if !guardrails.isEmpty {
                let texts = try await ModerationTexts.read(words: words, files: files, lines: lines)
                guard !texts.isEmpty else { throw UsageError("there are no texts: the input is empty") }
                return try await PolicyModeration(guardrails, session).run(texts, asJSON: jsonl)
            }
            let policy = try policy()
            let model = try model(session)
            var reports: [ModerationReport] = []
            var answer = ModerationResponse(model: model.name, verdicts: [])
            for batch in try await batches(for: model) {
                let (response, fresh) = try await judge(batch, model, policy, session)
                if reports.isEmpty { (answer.id, answer.model) = (response.id, response.model) }
                answer.usage += response.usage
                try show(fresh, response.model, session)
                reports += fresh
            }
            if options.json { try session.emit(Self.value(answer, reports)) }
            if reports.contains(where: \.isFlagged) { throw ExitStatus.denied }
        }
    }

    private func judge(
        _ batch: Batch, _ model: any ModerationModel, _ policy: ModerationPolicy, _ session: ServiceSession
    ) async throws -> (ModerationResponse, [ModerationReport]) {
        let start = ContinuousClock.now
        let response = try await model.moderate(batch.input) { session.show($0) }
        session.use(response.usage)
        guard response.verdicts.count == batch.subjects.count else {
            throw ModelError(
                .invalidResponse,
                "\(model.name) gave \(response.verdicts.count) verdicts for \(batch.subjects.count) texts")
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let reports = try zip(batch.subjects, response.verdicts).map {
            try report($0, $1, policy, response.model, seconds)
        }
        return (response, reports)
    }

    // MARK: - What is judged

    private typealias Batch = (input: ModerationInput, subjects: [NamedText])

    /// How many texts the Mistral API is sent at once; a chat model takes one after another, and each verdict is shown as it comes.
    private static let batchSize = 32

    private func batches(for model: any ModerationModel) async throws -> [Batch] {
        if let conversation { return [try await self.conversation(conversation)] }
        let texts = try await ModerationTexts.read(words: words, files: files, lines: lines)
        guard !texts.isEmpty else { throw UsageError("there are no texts: the input is empty") }
        let size = categories.isEmpty && !model.name.hasPrefix("local") ? Self.batchSize : 1
        return stride(from: 0, to: texts.count, by: size).map { start in
            let part = Array(texts[start..<min(start + size, texts.count)])
            return (.texts(part.map(\.text)), part)
        }
    }

    private func conversation(_ file: String) async throws -> Batch {
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
        return (input, conversations.map { NamedText(name: nil, text: $0.last?.text ?? "") })
    }

    // MARK: - By whom, and how strictly

    private func model(_ session: ServiceSession) throws -> any ModerationModel {
        guard !categories.isEmpty else {
            return WindowedModeration(try session.services.moderationModel(service.model))
        }
        let names = Self.list(categories)
        let judge = try SelfReflectionModeration(
            judge: try session.host.model(service.model),
            categories: names == ["all"] ? ReflectionCategory.documented : ReflectionCategory.named(names),
            ledger: session.ledger)
        return session.orDryRun(judge)
    }

    private func policy() throws -> ModerationPolicy {
        var all: Double?
        var own: [String: Double] = [:]
        for argument in Self.list(threshold) {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let score = parts.last.flatMap({ Double($0) }), (0...1).contains(score), parts.first != "" else {
                throw ValidationError("--threshold: expected 0 to 1 or category=0 to 1, found '\(argument)'")
            }
            if parts.count == 1 { all = score } else { own[String(parts[0])] = score }
        }
        do {
            return try ModerationPolicy(
                threshold: all, thresholds: own, ignore: Set(Self.list(ignore)),
                only: only.isEmpty ? nil : Set(Self.list(only)))
        } catch {
            throw ValidationError("--" + error.message)
        }
    }

    private static func list(_ arguments: [String]) -> [String] {
        arguments.flatMap { $0.split(separator: ",").map(String.init) }
    }

    /// - Throws: ``UsageError`` for a category of the command line that the model does not have.
    private func report(
        _ subject: NamedText, _ verdict: ModerationResponse.Verdict, _ policy: ModerationPolicy, _ model: String,
        _ seconds: Double
    ) throws -> ModerationReport {
        do throws(ModelError) {
            return try ModerationReport(subject, verdict, policy, model: model, seconds: seconds)
        } catch  where error.code == .configuration {
            throw UsageError("--" + error.message)
        }
    }

    // MARK: - The answer

    private func show(_ reports: [ModerationReport], _ model: String, _ session: ServiceSession) throws {
        if options.json { return }
        for report in reports {
            if jsonl { try session.emit(report.lineValue(model: model)) } else { session.emit(report.line) }
        }
    }

    private static func value(_ response: ModerationResponse, _ reports: [ModerationReport]) -> JSONValue {
        [
            "id": .string(response.id), "model": .string(response.model),
            "results": .array(reports.map(\.value)), "usage": response.usage.scriptValue,
        ]
    }
}
