// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// The question about one call, as text for a terminal.
///
/// Everything that comes from a model or a script is indented and spelt out by ``TerminalText``, so that it cannot pass for
/// a line of the question.
struct ApprovalPrompt {
    static let lineWidth = 300
    static let lineCount = 40

    let request: ApprovalRequest
    /// What the tool would be called with.
    var arguments: JSONValue
    /// Whether a person has changed the arguments.
    var isEdited: Bool
    /// Whether "always for this file" can be answered.
    let canRemember: Bool
    /// What the schema found wrong with the edited arguments.
    var problems: [String]
    let style: Style
    let secrets: SecretRedactor

    /// The tool, its effect, its file, the arguments, and the answers there are.
    func question(showsAll: Bool) -> String {
        var lines = ["", style.yellow("Allow \(Printable.short(request.tool.name))?") + about]
        lines += problemLines
        lines += argumentLines(showsAll: showsAll)
        return lines.joined(separator: "\n") + "\n" + choices
    }

    /// The answers there are, on a line of its own.
    var choices: String {
        var answers = ["[y] once"]
        if !isEdited { answers.append("[a] always in this run") }
        if !isEdited && canRemember { answers.append("[f] always for this file") }
        answers += ["[n] no", "[e] edit", "[v] view all"]
        return style.yellow(answers.joined(separator: "  ") + " > ")
    }

    private var about: String {
        let effect =
            switch request.tool.effect {
            case .read: "read: changes nothing"
            case .write: "write: changes something"
            case .final: "final: cannot be undone"
            }
        let file = request.origin.map { ", of \(Printable.short($0.file))" } ?? ""
        return " (\(effect)\(file))" + (isEdited ? " with edited arguments" : "")
    }

    private var problemLines: [String] {
        guard !problems.isEmpty else { return [] }
        return ["The edited arguments are not valid:"] + problems.map { "  " + Printable.escaped(secrets.redact($0)) }
    }

    private func argumentLines(showsAll: Bool) -> [String] {
        let text = (try? secrets.redact(arguments).serialized(indent: 2)) ?? "(arguments that have no JSON text)"
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Printable.escaped(String($0)) }
        if showsAll { return lines.map { "  " + $0 } }
        let shown = lines.prefix(Self.lineCount).map { "  " + cut($0) }
        let left = lines.count - shown.count
        return shown + (left > 0 ? [style.yellow("(\(left) more lines; v shows all)")] : [])
    }

    private func cut(_ line: String) -> String {
        let left = line.count - Self.lineWidth
        guard left > 0 else { return line }
        return line.prefix(Self.lineWidth) + style.yellow("(\(left) more characters; v shows all)")
    }
}
