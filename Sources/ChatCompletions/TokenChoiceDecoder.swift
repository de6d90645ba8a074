// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Glibc
import JSONCore

/// Reads the `logprobs` of a choice: `{"content":[{"token","logprob","top_logprobs":[{"token","logprob"}]}]}`.
enum TokenChoiceDecoder {
    /// What is not of that form is left out: it is no part of the answer.
    static func tokens(of choice: JSONObject) -> [TokenChoice] {
        (choice["logprobs"]?["content"]?.arrayValue ?? []).compactMap { entry in
            guard let text = entry["token"]?.stringValue else { return nil }
            let alternatives = (entry["top_logprobs"]?.arrayValue ?? []).compactMap(alternative)
            return TokenChoice(text: text, alternatives: alternatives)
        }
    }

    private static func alternative(_ value: JSONValue) -> (text: String, probability: Double)? {
        guard let text = value["token"]?.stringValue, let logarithm = value["logprob"]?.doubleValue else { return nil }
        return (text, min(1, exp(logarithm)))
    }
}
