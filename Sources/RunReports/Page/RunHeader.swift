// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTMLPages

/// What a run was, in figures.
struct RunHeader {
    private let run: RecordedRun
    private var info: RunInfo { run.info }

    init(_ run: RecordedRun) { self.run = run }

    /// The script without its folders, else the command.
    var title: String {
        guard let script = info.script else { return info.command.isEmpty ? "Run" : "agent \(info.command)" }
        return script.split(separator: "/").last.map(String.init) ?? script
    }

    var markup: Markup {
        let facts = [
            "\(Figures.date(info.began)) UTC", info.model, info.version.isEmpty ? nil : "agent \(info.version)",
            info.parent.map { "forked from \($0)" + (info.forkedAt.map { " at \($0)" } ?? "") },
            info.session.map { "conversation \($0)" },
        ]
        return """
            <header><h1>\(title) <span class="pill \(statusStyle)">\(info.status.rawValue)</span></h1>
            <p class="soft"><code>\(info.id)</code> · \(facts.compactMap(\.self).joined(separator: " · "))</p>
            \(commandLine)</header>
            \(notices)<div class="tiles">\(tiles)</div>

            """
    }

    private var commandLine: Markup {
        guard !info.command.isEmpty else { return "" }
        let words = (["agent", info.command] + info.arguments).map(Self.quoted).joined(separator: " ")
        return #"<p class="command"><code>\#(words.count > 600 ? words.prefix(599) + "…" : words)</code></p>"#
    }

    private static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty && word.utf8.allSatisfy { $0 > 0x20 && !#""'\$`*?[]{}()<>|&;#~!"#.utf8.contains($0) }
        return isPlain
            ? word
            : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    private var statusStyle: Markup {
        switch info.status {
        case .done: "good"
        case .failed: "bad"
        default: "warn"
        }
    }

    private var notices: Markup {
        var notices: Markup = ""
        if let message = info.message {
            notices +=
                #"<section class="notice bad"><b>\#(info.status.rawValue)</b> <span class="pre">\#(message)</span></section>\#n"#
        }
        let open = run.records.filter { $0.outcome == nil && !$0.isGroup }
        if info.status == .running || info.status == .interrupted, !open.isEmpty {
            let names = open.prefix(8).map { "\($0.number) (\($0.label))" }.joined(separator: ", ")
            notices += """
                <section class="notice"><b>Not finished.</b> Not answered: record \(names)\(open.count > 8 ? " …" : ""). \
                <code>agent resume \(info.id)</code> goes on.</section>

                """
        }
        return notices
    }

    // MARK: - Tiles

    private var tiles: [Markup] {
        [
            tile("duration", Figures.duration(run.lastMoment - info.began), share, isLead: true),
            tile("turns", Figures.count(info.turns), modelNote),
            tile("tool calls", Figures.count(info.toolCalls), faultNote),
            tile("tokens", Figures.count(info.usage.totalTokens), Figures.tokens(info.usage)),
            tile("cost", info.cost?.description ?? "not known", costNote),
        ]
    }

    private func tile(_ name: String, _ value: String, _ note: String, isLead: Bool = false) -> Markup {
        let style: Markup = isLead ? "tile lead" : "tile"
        let size: Markup = value.count > 9 ? #" class="long""# : ""
        return """
            <div class="\(style)"><span class="soft small">\(name)</span><b\(size)>\(value)</b><span class="soft small">\(note)</span></div>
            """
    }

    /// How much of the time models took.
    private var share: String {
        let model = run.records.filter { $0.operation == "model" }.compactMap(\.duration).reduce(0) { $0 &+ $1 }
        return model > 0 ? "\(Figures.duration(model)) in models" : ""
    }

    private var modelNote: String {
        let names = Set(run.records.filter { $0.operation == "model" }.map { $0.answeringModel ?? $0.name })
        return names.count == 1 ? names.first ?? "" : Figures.counted(names.count, "model")
    }

    private var faultNote: String {
        let count = run.records.count { $0.kind == .tool && $0.isBad }
        return count > 0 ? "\(count) failed" : "\(Figures.counted(run.records.count, "record")) in all"
    }

    private var costNote: String {
        let calls = run.records.count { $0.cost != nil }
        return calls > 0 ? "of \(Figures.counted(calls, "call"))" : ""
    }
}
