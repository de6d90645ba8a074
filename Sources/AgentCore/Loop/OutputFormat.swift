// SPDX-License-Identifier: Apache-2.0

import JSONCore
public import JSONSchemaCore

/// Structured output: what the final answer must be, checked here whatever the provider promises.
public enum OutputFormat: Sendable {
    /// JSON mode: any JSON object.
    case jsonObject
    /// An instance of `schema`. `name` matches `^[A-Za-z0-9_-]{1,64}$`.
    case schema(JSONSchema, name: String)

    /// What a model is asked for.
    var responseFormat: ResponseFormat {
        switch self {
        case .jsonObject: .jsonObject
        case .schema(let schema, let name): .jsonSchema(name: name, schema: schema.document, strict: true)
        }
    }

    /// Reads an answer and holds it to the format.
    ///
    /// - Parameters:
    ///   - text: JSON, or JSON in one Markdown fence.
    ///   - isCut: whether the model may have had more to say. Then the text must show by itself that it is whole.
    /// - Returns: the value with the text that it was read from, or one sentence for each thing wrong with it.
    func check(_ text: String, isCut: Bool = false) -> Result<CheckedOutput, OutputProblems> {
        let json: CheckedOutput
        do {
            json = try Self.read(text, isCut: isCut)
        } catch {
            let isEmpty = text.allSatisfy(\.isWhitespace)
            return .failure(OutputProblems([isEmpty ? "the answer is empty" : "the answer is not JSON: \(error)"]))
        }
        if isCut, json.isOpenEnded { return .failure(OutputProblems(["the answer was cut off"])) }
        switch self {
        case .jsonObject:
            guard json.value.objectValue == nil else { return .success(json) }
            return .failure(OutputProblems(["the answer must be a JSON object, but is of type \(json.value.typeName)"]))
        case .schema(let schema, _):
            let errors = schema.validate(json.value)
            return errors.isEmpty ? .success(json) : .failure(OutputProblems(errors.map { "\($0)" }))
        }
    }

    private static func read(_ text: String, isCut: Bool) throws(JSONError) -> CheckedOutput {
        do throws(JSONError) {
            return CheckedOutput(value: try JSONValue(parsing: text), text: text)
        } catch {
            guard let body = FencedBlock.body(of: text, alone: isCut) else { throw error }
            return CheckedOutput(value: try JSONValue(parsing: body), text: body)
        }
    }
}

/// A value that has the form that was asked for.
struct CheckedOutput: Sendable {
    let value: JSONValue
    /// The JSON text of it, as the model wrote it.
    let text: String

    /// Whether the text could be the beginning of another value, as `12` is of `123`; brackets and quotes close.
    var isOpenEnded: Bool {
        switch value {
        case .integer, .number: true
        default: false
        }
    }
}

/// What is wrong with an answer, in sentences a model can act on.
struct OutputProblems: Error {
    let sentences: [String]

    init(_ sentences: [String]) { self.sentences = sentences }

    var list: String { sentences.map { "- \($0)" }.joined(separator: "\n") }
}

/// An answer that goes back to the model to be mended.
///
/// The request holds the answer and what is wrong with it, and nothing of the conversation: repairing costs what the
/// answer costs, however long the run was.
package struct OutputRepair {
    let answer: String
    let problems: OutputProblems

    var request: Message {
        .user("Correct this answer:\n\(answer)\n\nWhat is wrong with it:\n\(problems.list)\n\n\(Self.wish)")
    }

    /// What the transcript says of it, behind the answer.
    var note: Message { .user("\(Self.noteOpening)\n\(problems.list)\n\(Self.wish)") }

    /// By which such a note is told from what a user said.
    package static let noteOpening = "Your answer does not have the form asked for:"

    private static let wish = "Reply with the corrected JSON only."
}
