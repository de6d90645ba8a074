// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// The limits of a batch job, checked before it is sent.
enum BatchRules {
    private static let maxInlineRequests = 10_000
    private static let known = [
        "endpoint", "input_files", "requests", "model", "agent_id", "metadata", "timeout_hours",
    ]

    /// - Throws: ``ModelError/Code/invalidRequest``, which names the field.
    static func check(_ job: JSONObject) throws(ModelError) {
        if let foreign = job.keys.first(where: { !known.contains($0) }) {
            throw ModelError(
                .invalidRequest,
                "a batch job has no field '\(foreign)'; there are \(known.joined(separator: ", "))")
        }
        guard let endpoint = job["endpoint"]?.stringValue, endpoint.hasPrefix("/v1/") else {
            throw MistralRule.refusal(
                "endpoint", "a path such as \"/v1/chat/completions\"", job["endpoint"]?.typeName ?? "nothing")
        }
        try checkInput(job)
        if let hours = job["timeout_hours"], !hours.isNull {
            guard let hours = hours.integerValue, (1...168).contains(hours) else {
                throw MistralRule.refusal("timeout_hours", "1 to 168", (try? hours.serialized()) ?? hours.typeName)
            }
        }
        for (name, value) in job["metadata"]?.objectValue ?? [:] {
            guard (1...32).contains(name.count), let text = value.stringValue, (1...512).contains(text.count) else {
                throw MistralRule.refusal(
                    "metadata.\(name.prefix(40))", "a name of 1 to 32 characters with a string of 1 to 512",
                    value.typeName)
            }
        }
    }

    private static func checkInput(_ job: JSONObject) throws(ModelError) {
        let files = job["input_files"].flatMap { $0.isNull ? nil : $0 }
        let requests = job["requests"].flatMap { $0.isNull ? nil : $0 }
        guard (files == nil) != (requests == nil) else {
            throw ModelError(.invalidRequest, "a batch job takes either input_files or requests")
        }
        if let requests {
            guard let list = requests.arrayValue, (1...maxInlineRequests).contains(list.count) else {
                throw MistralRule.refusal(
                    "requests", "a list of 1 to \(maxInlineRequests)",
                    requests.arrayValue.map { "\($0.count)" } ?? requests.typeName)
            }
            if let place = list.firstIndex(where: { $0["body"]?.objectValue == nil }) {
                throw MistralRule.refusal(
                    "requests[\(place)].body", "an object", list[place]["body"]?.typeName ?? "nothing")
            }
        } else if let files, files.arrayValue?.isEmpty != false {
            throw MistralRule.refusal("input_files", "a list of file ids", files.typeName)
        }
    }
}
