// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import RunReports
import RunStores

struct RunsSearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", _superCommandName: "agent runs",
        abstract: "Finds runs by what was said in them: prompts, answers, arguments and results of tools.",
        discussion: """
            Every word must be there, or one that begins so. The first search reads all runs; later ones read what is new.
            """)

    @OptionGroup var place: RunStoreOptions
    @Argument(help: ArgumentHelp("Words.", valueName: "text")) var words: [String]
    @Option(help: ArgumentHelp("Runs at most.", valueName: "n")) var limit = 20
    @Flag(help: "Print one JSON object.") var json = false
    @Option(help: "Colour: auto, always or never.") var color: ColorMode = .auto

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit: expected 1 or more, found \(limit)") }
    }

    func run() async throws {
        let (hits, method) = try RunSearch(try place.store).runs(with: words.joined(separator: " "), limit: limit)
        if json {
            let list = hits.map(Self.value)
            let value: JSONValue = ["method": .string(method.rawValue), "hits": .array(list)]
            return Console.out(try value.serialized() + "\n")
        }
        if method == .letters { Console.err("searched letter by letter, not by words\n") }
        if hits.isEmpty { return Console.err("nothing found\n") }
        let style = Style(isOn: color.isOnForOutput)
        Console.show(hits.map { Self.text($0, style) }.joined())
    }

    private static func value(_ hit: RunHit) -> JSONValue {
        var fields: JSONObject = ["run": hit.run.jsonValue]
        fields["places"] = .integer(Int64(hit.places))
        fields["excerpt"] = .string(marked(hit.excerpt) { $0 })
        return .object(fields)
    }

    private static func text(_ hit: RunHit, _ style: Style) -> String {
        let info = hit.run.info
        let command = Printable.short([info.command, info.script ?? ""].joined(separator: " "), width: 40)
        let facts: [String] = [
            Figures.date(info.began), hit.run.standing.rawValue, command, Figures.counted(hit.places, "place"),
        ]
        let head = style.cyan(info.id) + "  " + style.dim(facts.joined(separator: "  "))
        return "\(head)\n  \(marked(hit.excerpt, style.yellow))\n"
    }

    /// The excerpt on one line, with what was found shown by `mark`.
    private static func marked(_ excerpt: String, _ mark: (String) -> String) -> String {
        var text = ""
        let parts = excerpt.split(separator: Character(RunSearch.begin), omittingEmptySubsequences: false)
        for (place, part) in parts.enumerated() {
            guard place > 0, let end = part.firstIndex(of: Character(RunSearch.end)) else {
                text += line(part)
                continue
            }
            text += mark(line(part[..<end])) + line(part[part.index(after: end)...])
        }
        return text
    }

    private static func line(_ text: Substring) -> String {
        Printable.escaped(text.split(whereSeparator: \.isNewline).joined(separator: " "))
    }
}
