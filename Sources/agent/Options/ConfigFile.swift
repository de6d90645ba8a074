// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// `$XDG_CONFIG_HOME/agent/config.toml`: defaults for flags, below the environment and the flags themselves.
///
/// The file is TOML of the plainest kind (toml.io v1.0.0): lines of `key = value` with strings in quotes, integers, floats
/// and booleans, comments, and the table `[approvals]`. Arrays, dates and many-line strings have no use here and are refused.
struct ConfigFile {
    let path: String
    private let values: [String: JSONValue]
    /// The table `[approvals]`.
    let approvals: ApprovalSettings

    private static let known: [String: String] = [
        "model": "string", "safe_prompt": "boolean", "turns": "integer", "tool_calls": "integer", "tokens": "integer",
        "timeout": "number", "usd": "number", "guardrails": "string",
    ]

    /// Reads the file of this user; without one there are no values.
    ///
    /// - Throws: ``ConfigurationError`` with file and line.
    static func load() throws -> ConfigFile {
        let path = folder + "/config.toml"
        guard let file = try? ScriptFile(path) else { return ConfigFile(path: path, values: [:], approvals: .init()) }
        guard let text = String(validating: file.source, as: UTF8.self) else {
            throw ConfigurationError("\(path): expected UTF-8 text")
        }
        return try ConfigFile(path: path, text: text)
    }

    /// Where this user's files for `agent` are.
    static var folder: String {
        let home = environmentVariable("HOME") ?? ""
        let base = environmentVariable("XDG_CONFIG_HOME").flatMap { $0.isEmpty ? nil : $0 } ?? home + "/.config"
        return base + "/agent"
    }

    private init(path: String, values: [String: JSONValue], approvals: ApprovalSettings) {
        self.path = path
        self.values = values
        self.approvals = approvals
    }

    init(path: String, text: String) throws {
        var values: [String: JSONValue] = [:]
        var approvals = ApprovalSettings()
        var tables: [String] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let place = "\(path):\(index + 1)"
            let line = TOMLLine(String(line), place)
            if let table = try line.table() {
                guard table == "approvals" else {
                    throw ConfigurationError("\(place): unknown table '\(table)'; there is approvals")
                }
                guard !tables.contains(table) else { throw ConfigurationError("\(place): '\(table)' is set twice") }
                tables.append(table)
                continue
            }
            guard let (key, value) = try line.member() else { continue }
            if !tables.isEmpty {
                try approvals.add(key, value, place)
                continue
            }
            try Self.check(key, value, place)
            guard values.updateValue(value, forKey: key) == nil else {
                throw ConfigurationError("\(place): '\(key)' is set twice")
            }
        }
        self.init(path: path, values: values, approvals: approvals)
    }

    func string(_ key: String) -> String? { values[key]?.stringValue }
    func bool(_ key: String) -> Bool? { values[key]?.boolValue }

    func integer(_ key: String, from least: Int) throws -> Int? {
        guard let value = values[key]?.integerValue.map({ Int($0) }) else { return nil }
        guard value >= least else {
            throw ConfigurationError("\(path): \(key): expected \(least) or more, found \(value)")
        }
        return value
    }

    func number(_ key: String, over least: Double) throws -> Double? {
        guard let value = values[key]?.doubleValue else { return nil }
        guard value > least, value <= 1e9 else {
            throw ConfigurationError("\(path): \(key): expected more than \(least), found \(value)")
        }
        return value
    }

    func dollars(_ key: String) throws -> Dollars? {
        guard let value = values[key]?.doubleValue else { return nil }
        guard let dollars = Dollars(value) else {
            throw ConfigurationError("\(path): \(key): expected dollars, 0 or more, found \(value)")
        }
        return dollars
    }

    private static func check(_ key: String, _ value: JSONValue, _ place: String) throws {
        guard let kind = known[key] else {
            throw ConfigurationError(
                "\(place): unknown setting '\(key)'; there are \(known.keys.sorted().joined(separator: ", "))")
        }
        let fits = value.typeName == kind || (kind == "number" && value.typeName == "integer")
        guard fits else {
            throw ConfigurationError(
                "\(place): \(key): expected \(kind == "integer" ? "an" : "a") \(kind), found \(value.typeName)")
        }
    }
}
