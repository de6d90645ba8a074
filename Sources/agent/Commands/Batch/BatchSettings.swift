// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// The flags and settings that the results of a batch hang on.
struct BatchSettings {
    let json: JSONValue

    init(_ options: CommonOptions, asksByJobs: Bool) throws {
        let config = try ConfigFile.load()
        let overrides = try options.overrides(config)
        var fields: JSONObject = [:]
        fields["model"] = overrides.model
        // It is compared, and need not be read by others.
        fields["system"] = overrides.instructions.map { .string(SHA256.digest($0.utf8).hexadecimal) }
        fields["temperature"] = overrides.temperature.map { .number($0) }
        fields["max_tokens"] = overrides.maxTokens.map { .integer(Int64($0)) }
        fields["safe_prompt"] = overrides.safePrompt.map { .bool($0) }
        fields["turns"] = overrides.turns.map { .integer(Int64($0)) }
        fields["tool_calls"] = overrides.toolCalls.map { .integer(Int64($0)) }
        fields["tokens"] = overrides.tokens.map { .integer(Int64($0)) }
        fields["timeout"] = overrides.time.map { .number($0 / .seconds(1)) }
        if asksByJobs { fields["batch"] = true }
        let policies = try options.guardrails.files(config).map { file in
            JSONValue.string(SHA256.digest(try ScriptFile(file).source).hexadecimal)
        }
        if !policies.isEmpty { fields["guardrails"] = .array(policies) }
        json = .object(fields)
    }

    /// The names of the settings that were others.
    func difference(from earlier: String?) -> String {
        let before = earlier.flatMap { try? JSONValue(parsing: $0) }?.objectValue ?? [:]
        let now = json.objectValue ?? [:]
        let names = Set(before.map(\.key)).union(now.map(\.key)).filter { before[$0] != now[$0] }
        return names.sorted().joined(separator: ", ")
    }
}
