// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Checks a file of training data line by line; of the lines before it keeps a hash each.
public struct DatasetChecker: Sendable {
    /// Lines among which duplicates are looked for: with more, memory would grow without end.
    public static let duplicateLimit = 1 << 22

    /// Sizes of the trainer (`utils/validate_data.py`), where the check that uses them is turned off: so they are warnings.
    private static let lineRange = 10...10_000_000
    private static let byteRange = 1_000...10_000_000_000

    /// What the file is for: as was said, else by the first line that tells.
    public private(set) var kind: DatasetKind?
    public private(set) var counts = DatasetCounts()
    private let isGiven: Bool
    private var seen: [Int: Int] = [:]
    private var targets: Set<String>?
    private var isTooLong = false

    /// - Parameter kind: `nil` to tell by the lines.
    public init(kind: DatasetKind? = nil) {
        self.kind = kind
        isGiven = kind != nil
    }

    /// Checks the next line.
    ///
    /// - Parameter bytes: the line without its line feed.
    public mutating func check(_ bytes: Span<UInt8>) -> [DatasetFinding] {
        counts.lines += 1
        counts.bytes += bytes.count + 1
        var list = FindingList()
        if let line = read(bytes, &list) { check(line, &list) }
        if let earlier = earlierLine(bytes) { list.warn(JSONPointer(), "the same as line \(earlier)") }
        return note(list.findings)
    }

    /// Checks what only the whole file shows.
    public mutating func finish() -> [DatasetFinding] {
        var list = FindingList()
        if counts.lines == 0 {
            list.error(JSONPointer(), "expected a line of JSON for each example, found an empty file")
        } else {
            if !Self.lineRange.contains(counts.lines) {
                list.warn(JSONPointer(), "\(counts.lines) lines; the trainer is made for 10 to 10,000,000")
            }
            if !Self.byteRange.contains(counts.bytes) {
                list.warn(JSONPointer(), "\(counts.bytes) bytes; the trainer is made for 1,000 to 10,000,000,000")
            }
        }
        if counts.lines > Self.duplicateLimit {
            list.warn(JSONPointer(), "duplicates were looked for among the first \(Self.duplicateLimit) lines only")
        }
        return note(list.findings, isLine: false)
    }

    // MARK: - A line

    private func read(_ bytes: Span<UInt8>, _ list: inout FindingList) -> JSONObject? {
        let isBlank = (0..<bytes.count).allSatisfy { [0x20, 0x09, 0x0D].contains(bytes[$0]) }
        if isBlank {
            list.error(JSONPointer(), "an empty line")
            return nil
        }
        do {
            let value = try JSONValue(parsing: bytes)
            if let line = value.objectValue { return line }
            list.error(JSONPointer(), expected: "an object", found: value)
        } catch {
            list.error(JSONPointer(), "not JSON: \(error.message), at byte \(error.offset ?? 0) of the line")
        }
        return nil
    }

    private mutating func check(_ line: JSONObject, _ list: inout FindingList) {
        let guess = DatasetKind(guessing: line)
        if kind == nil { kind = guess }
        guard let kind else {
            list.error(JSONPointer(), "expected 'messages', 'text' or 'labels', found \(Self.keys(line))")
            return
        }
        if let guess, guess != kind, !(isGiven && kind == .pretrain && guess == .classifier) {
            list.error(JSONPointer(), "a line of the kind \(guess.rawValue) in a file of the kind \(kind.rawValue)")
            return
        }
        switch kind {
        case .instruct:
            let checked = InstructLine(line)
            counts.add(checked.counts)
            list.append(checked.list)
        case .pretrain: list.append(PretrainLine(line).list)
        case .classifier:
            let checked = ClassifierLine(line)
            list.append(checked.list)
            checkTargets(checked.targets, &list)
        }
    }

    private mutating func checkTargets(_ found: [String], _ list: inout FindingList) {
        if found.isEmpty { return }
        if let targets, targets != Set(found) {
            let expected = targets.sorted().joined(separator: ", ")
            list.warn(JSONPointer(tokens: ["labels"]), "other targets than the first line's, which are: \(expected)")
        }
        targets = targets ?? Set(found)
    }

    private mutating func earlierLine(_ bytes: Span<UInt8>) -> Int? {
        guard counts.lines <= Self.duplicateLimit else { return nil }
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        let hash = hasher.finalize()
        if let earlier = seen[hash] {
            counts.duplicates += 1
            return earlier
        }
        seen[hash] = counts.lines
        return nil
    }

    private mutating func note(_ findings: [DatasetFinding], isLine: Bool = true) -> [DatasetFinding] {
        let errors = findings.count { $0.severity == .error }
        counts.errors += errors
        counts.warnings += findings.count - errors
        if isLine, errors == 0 { counts.validLines += 1 }
        return findings
    }

    private static func keys(_ line: JSONObject) -> String {
        line.isEmpty ? "an empty object" : line.keys.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
    }
}

extension FindingList {
    mutating func append(_ other: FindingList) {
        for finding in other.findings {
            switch finding.severity {
            case .error: error(finding.pointer, finding.message)
            case .warning: warn(finding.pointer, finding.message)
            }
        }
    }
}
