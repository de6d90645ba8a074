// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import RunReports

struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", _superCommandName: "agent", abstract: "Shows a recorded run.",
        discussion: """
            As a transcript, as a page to look at (--html), or as it is kept. Numbers behind # are those that \
            `agent replay ID --from N` takes.
            """)

    @OptionGroup var place: RunStoreOptions
    @Argument(help: ArgumentHelp("A run: its id, the beginning of it, or last; or an exported file.", valueName: "id"))
    var id: String
    @Flag(help: "Print a page that needs no network.") var html = false
    @Flag(help: "List the records, one a line.") var records = false
    @Flag(help: "Print one JSON object: the run with all records.") var json = false
    @Option(name: [.customShort("o"), .customLong("output")], help: "Write to a file, whole or not at all.")
    var output: String?
    @Option(help: "Colour: auto, always or never.") var color: ColorMode = .auto

    func validate() throws {
        if [html, records, json].count(where: { $0 }) > 1 {
            throw ValidationError("--html, --records and --json exclude each other")
        }
    }

    func run() async throws {
        let file = try output.map(OutputFile.init)
        let text = try Self.text(of: try RecordedRuns.run(id, in: try place.store), self)
        guard let file else { return html || json ? Console.out(text) : Console.show(text) }
        file.append(Array(text.utf8))
        try file.commit()
    }

    private static func text(of run: RecordedRun, _ form: ShowCommand) throws -> String {
        if form.html { return RunPage(run).text }
        if form.json { return try run.jsonValue.serialized() + "\n" }
        let style = Style(isOn: form.output == nil && form.color.isOnForOutput)
        return form.records ? RecordList(run, style).text : Transcript(run, style: style).text
    }
}
