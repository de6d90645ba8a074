// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import HTMLPages
import JSONCore

/// A run as one page that needs nothing from outside: no font, no picture, no network. It can be read without its script, which
/// searches and unfolds.
public struct RunPage: Sendable {
    private let run: RecordedRun

    public init(_ run: RecordedRun) { self.run = run }

    public var text: String { page.text }

    // The policy lets nothing be loaded, and no other script run, should an answer ever find a way into the markup.
    private var page: Markup {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
        script-src 'sha256-\(RunPageScript.digest)'; base-uri 'none'; form-action 'none'">
        <meta name="referrer" content="no-referrer">
        <title>\(RunHeader(run).title) · run \(run.info.id)</title>
        <style>
        \(PageStyle.sheet)
        \(RunPageStyle.sheet)
        </style>
        </head>
        <body>
        <main>
        \(RunHeader(run).markup)\(TimelineSection(run).markup)\(TurnSection(run).markup)\(tools)\(ConversationSection(run).markup)\
        \(output)\(StepTable(run).markup)
        </main>
        <script>\(RunPageScript.text)</script>
        </body>
        </html>

        """
    }

    private var tools: Markup {
        """
        <div id="bar" hidden><label><span class="soft">Search</span> <input id="q" type="search" placeholder="words"></label>\
        <span id="n" class="soft small" role="status"></span><button id="fold" type="button">Unfold all</button>\
        <button id="fault" type="button">Next error</button>\
        <span class="soft small hint">/ search · j k step · e unfold · n error</span></div>

        """
    }

    /// What the script came to, where that is not the last answer of a model.
    private var output: Markup {
        guard let output = run.info.output else { return "" }
        let text = output.stringValue ?? output["text"]?.stringValue ?? output.prettyText
        guard run.records.last(where: { $0.operation == "model" })?.answer?.text != text else { return "" }
        return
            #"<section id="output"><h2>Output</h2>\#(FoldedText(text, isCode: output.stringValue == nil).markup)</section>\#n"#
    }
}
