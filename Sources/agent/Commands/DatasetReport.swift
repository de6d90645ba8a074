// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// What is said of one file of training data: faults as they are found, figures at the end.
struct DatasetReport {
    private let file: String
    private let limit: Int
    private let isQuiet: Bool
    private let isJSON: Bool
    private var shown = 0
    private var left = 0
    private var collected: [DatasetFinding.Severity: [JSONValue]] = [:]

    init(file: String, limit: Int, isQuiet: Bool, isJSON: Bool) {
        self.file = file
        self.limit = limit
        self.isQuiet = isQuiet
        self.isJSON = isJSON
    }

    /// - Parameter line: from 1; `nil` for what is said of the whole file.
    mutating func add(_ findings: [DatasetFinding], line: Int?) {
        for finding in findings where !(isQuiet && finding.severity == .warning) {
            guard shown < limit else {
                left += 1
                continue
            }
            shown += 1
            if isJSON {
                collected[finding.severity, default: []].append(json(finding, line))
            } else {
                Console.out(text(finding, line))
            }
        }
    }

    func finish(_ checker: DatasetChecker) {
        if isJSON {
            Console.out(((try? json(checker).serialized()) ?? "null") + "\n")
        } else {
            if left > 0 { Console.out(Printable.escaped("\(file): \(left) more\n")) }
            if !isQuiet { Console.out(Printable.escaped("\(file): \(Self.sentence(checker))\n")) }
        }
    }

    private func text(_ finding: DatasetFinding, _ line: Int?) -> String {
        let place = line.map { ":\($0)" } ?? ""
        let pointer = finding.pointer.isRoot ? "" : "\(finding.pointer): "
        let warning = finding.severity == .warning ? "warning: " : ""
        return Printable.escaped("\(file)\(place): \(warning)\(pointer)\(finding.message)") + "\n"
    }

    private func json(_ finding: DatasetFinding, _ line: Int?) -> JSONValue {
        [
            "line": line.map { .integer(Int64($0)) } ?? .null, "pointer": .string(finding.pointer.description),
            "message": .string(finding.message),
        ]
    }

    private func json(_ checker: DatasetChecker) -> JSONValue {
        [
            "file": .string(file), "kind": checker.kind.map { .string($0.rawValue) } ?? .null,
            "valid": .bool(checker.counts.errors == 0), "errors": .array(collected[.error] ?? []),
            "warnings": .array(collected[.warning] ?? []), "not_shown": .integer(Int64(left)),
            "counts": .object(JSONObject(Self.figures(checker.counts).map { ($0.name, .integer(Int64($0.count))) })),
        ]
    }

    private static func figures(_ counts: DatasetCounts) -> [(name: String, count: Int)] {
        [
            ("lines", counts.lines), ("valid_lines", counts.validLines), ("bytes", counts.bytes),
            ("errors", counts.errors),
            ("warnings", counts.warnings), ("duplicates", counts.duplicates), ("messages", counts.messages),
            ("assistant_messages", counts.assistantMessages), ("trained_messages", counts.trainedMessages),
            ("tool_calls", counts.toolCalls), ("lines_with_tools", counts.linesWithTools),
            ("lines_with_system", counts.linesWithSystem),
        ]
    }

    private static func sentence(_ checker: DatasetChecker) -> String {
        let counts = checker.counts
        var parts = ["\(number(counts.lines, "line"))" + (checker.kind.map { " (\($0.rawValue))" } ?? "")]
        if counts.messages > 0 {
            parts.append("\(number(counts.messages, "message")), \(counts.trainedMessages) of them trained")
        }
        if counts.toolCalls > 0 { parts.append(number(counts.toolCalls, "tool call")) }
        if counts.duplicates > 0 { parts.append(number(counts.duplicates, "duplicate")) }
        parts.append(
            counts.errors == 0
                ? "valid" : "\(number(counts.errors, "error")) in \(number(counts.lines - counts.validLines, "line"))")
        if counts.warnings > 0 { parts.append(number(counts.warnings, "warning")) }
        return parts.joined(separator: ", ")
    }

    private static func number(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
}
