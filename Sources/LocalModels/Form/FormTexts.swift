// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// The words in which a small model is told about tools. Each was tuned by measurement (docs/local-model.md); a change is
/// only good with new figures. `Tests/Evaluation/form.py` has the same words, and golden files hold both together.
enum FormTexts {
    static let toolsHead = "You can use these tools:\n"

    /// The pseudo-tool that answers.
    static func answerTool(_ name: String, key: String, type: String) -> String {
        "- \(name) {\(key): \(type)}: Reply to the user directly, when no other tool is needed (greetings, thanks, general "
            + "knowledge, writing, requests that no tool here can do) or when the results are there.\n"
    }

    static let rules =
        "\nReply with one JSON array: [{\"tool\":NAME,\"arguments\":{...}}], one entry for each call that is needed now. Use only "
        + "values from the conversation. When a value must come from another tool's result, call that other tool first, alone, "
        + "and wait for the result. Leave out optional arguments that the user did not mention."

    static let callExamples =
        "\nExamples, with tools that you do not have:\n"
        + #"Is Bob older than Eve? [{"tool":"get_age","arguments":{"name":"Bob"}},{"tool":"get_age","arguments":{"name":"Eve"}}]"#
        + "\n"
        + #"What is the square of Bob's age? [{"tool":"get_age","arguments":{"name":"Bob"}}] and when the result is 41: "#
        + #"[{"tool":"compute","arguments":{"formula":"41*41"}}]"# + "\n"

    static func answerExamples(_ answerName: String) -> String {
        [
            ("What is the largest ocean?", "The largest ocean is the Pacific Ocean."),
            ("What is the capital of Peru?", "The capital of Peru is Lima."),
            ("Please iron my shirts.", "I cannot do that, none of my tools can iron shirts."),
            ("Thank you!", "You are welcome!"),
        ].map { "\($0) \(answer(answerName, key: "text", .string($1)))" }.joined(separator: "\n")
    }

    /// An answer as the grammar makes the model write it.
    static func answer(_ name: String, key: String, _ value: JSONValue) -> String {
        "[{\"tool\":\(ToolSignature.compact(.string(name))),\"arguments\":{\"\(key)\":\(ToolSignature.compact(value))}}]"
    }

    static func result(of name: String, arguments: String, content: String, isError: Bool) -> String {
        isError ? "\(name) {\(arguments)} failed: \(content)\n" : "Result of \(name) {\(arguments)}: \(content)\n"
    }

    static func beforeResults(question: String) -> String { question.isEmpty ? "" : "My request was: \(question)\n" }

    static let afterResults =
        "Answer my request with these results. Only if it needs something that is not there yet, call the tool for that, with "
        + "the values of these results."
    static let afterErrors =
        "A call failed. If other arguments or another tool can help, make that call. Otherwise answer, and say what went wrong."
    static let plainAfterResults = "\nAnswer my request with these results."
    static let outputHead = "Reply with one JSON value that follows this JSON Schema:\n"
    static let answerShape = "\nThe value in \"value\" follows this JSON Schema:\n"

    /// Names for the pseudo-tool that answers; the first that no real tool has.
    static func answerName(_ tools: [ToolDefinition]) -> String {
        let taken = Set(tools.map(\.name))
        return ["answer", "final_answer", "reply_to_user"].first { !taken.contains($0) } ?? "answer_the_user_now"
    }
}
