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
            let list = hits.map { hit -> JSONValue in
                [
                    "run": hit.run.jsonValue, "places": .integer(Int64(hit.places)),
                    "excerpt": .string(Self.marked(hit.excerpt) { $0 }),
                ]
            }
            let value: JSONValue = ["method": .string(method.rawValue), "hits": .array(list)]
            return Console.out(try value.serialized() + "\n")
        }
        if method == .letters { Console.err("searched letter by letter, not by words\n") }
        if hits.isEmpty { return Console.err("nothing found\n") }
        let style = Style(isOn: color.isOnForOutput)
        Console.show(hits.map { Self.text($0, style) }.joined())
    }

    private static func text(_ hit: RunHit, _ style: Style) -> String {
        let info = hit.run.info
        let command = [info.command, info.script ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        let facts =
            "  \(Figures.date(info.began))  \(hit.run.standing.rawValue)  \(Printable.short(command, width: 40))  "
            + Figures.counted(hit.places, "place")
        return style.cyan(info.id) + style.dim(facts) + "\n  " + marked(hit.excerpt, style.yellow) + "\n"
    }

    /// The excerpt on one line, with what was found shown by `mark`.
    private static func marked(_ excerpt: String, _ mark: (String) -> String) -> String {
        var text = ""
        for (place, part) in excerpt.split(separator: RunSearch.begin, omittingEmptySubsequences: false).enumerated() {
            let halves = part.split(separator: RunSearch.end, maxSplits: 1, omittingEmptySubsequences: false)
            let isFound = place > 0 && halves.count == 2
            let shown = halves.map { Printable.escaped($0.map { $0.isNewline ? " " : String($0) }.joined()) }
            text += isFound ? mark(shown[0]) + shown[1] : shown.joined()
        }
        return text
    }
}
