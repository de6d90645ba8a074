// SPDX-License-Identifier: Apache-2.0

package import JSONCore

extension RunInfo {
    /// The first line of a run as JSON lines.
    package var lineValue: JSONValue {
        var fields: JSONObject = ["agent_run": .integer(Int64(format)), "id": .string(id), "began": .integer(began)]
        for (name, text) in texts where text?.isEmpty == false { fields[name] = text.map { .string($0) } }
        if !arguments.isEmpty { fields["arguments"] = .array(arguments.map { .string($0) }) }
        fields["forked_at"] = forkedAt.map { .integer(Int64($0)) }
        if !models.isEmpty { fields["models"] = .array(models.map(\.journalValue)) }
        if seed != 0 { fields["seed"] = .integer(seed) }
        fields["ended"] = ended.map { .integer($0) }
        fields["status"] = .string(status.rawValue)
        fields["exit_code"] = exitCode.map { .integer(Int64($0)) }
        fields["output"] = output
        if usage != Usage() { fields["usage"] = usage.journalValue }
        fields["cost"] = cost.map { .integer($0.picodollars) }
        fields["turns"] = .integer(Int64(turns))
        fields["tool_calls"] = .integer(Int64(toolCalls))
        return .object(fields)
    }

    private var texts: [(String, String?)] {
        [
            ("version", version), ("command", command), ("folder", folder), ("script", script),
            ("script_digest", scriptDigest), ("source", source), ("input", input), ("parent", parent),
            ("session", session), ("message", message), ("model", model),
        ]
    }

    /// - Throws: ``JournalError`` with ``JournalError/Code/format``.
    package init(lineValue value: JSONValue) throws(JournalError) {
        guard let format = value["agent_run"]?.integerValue, let id = value["id"]?.stringValue else {
            throw JournalError(.format, "expected the first line of a recorded run: { \"agent_run\": 1, \"id\": … }")
        }
        guard format == Int64(RunInfo.currentFormat) else {
            throw JournalError(
                .format, "recorded by another version of agent (format \(format), expected \(RunInfo.currentFormat))")
        }
        self.init(id: id)
        let text = { (name: String) in value[name]?.stringValue }
        let number = { (name: String) in value[name]?.integerValue.map { Int(clamping: $0) } }
        (version, command, folder) = (text("version") ?? "", text("command") ?? "", text("folder") ?? "")
        (script, scriptDigest, source, input) = (text("script"), text("script_digest"), text("source"), text("input"))
        (parent, session, message, model) = (text("parent"), text("session"), text("message"), text("model"))
        arguments = value["arguments"]?.arrayValue?.compactMap(\.stringValue) ?? []
        (forkedAt, exitCode) = (number("forked_at"), number("exit_code"))
        (turns, toolCalls) = (number("turns") ?? 0, number("tool_calls") ?? 0)
        seed = value["seed"]?.integerValue ?? 0
        (began, ended) = (value["began"]?.integerValue ?? 0, value["ended"]?.integerValue)
        status = Status(rawValue: text("status") ?? Status.running.rawValue)
        output = value["output"]
        models = value["models"]?.arrayValue?.compactMap { NotedModel(journalValue: $0) } ?? []
        usage = value["usage"].map { Usage(journalValue: $0) } ?? Usage()
        cost = value["cost"]?.integerValue.map { Dollars(picodollars: $0) }
    }
}
