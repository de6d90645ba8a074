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

    /// Reads `text` and holds it to the format.
    ///
    /// - Returns: the value, or one sentence for each thing wrong with it.
    func check(_ text: String) -> Result<JSONValue, OutputProblems> {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: text)
        } catch {
            return .failure(OutputProblems(sentences: ["the answer is not JSON: \(error)"]))
        }
        switch self {
        case .jsonObject:
            guard value.objectValue == nil else { return .success(value) }
            return .failure(
                OutputProblems(sentences: ["the answer must be a JSON object, but is of type \(value.typeName)"]))
        case .schema(let schema, _):
            let errors = schema.validate(value)
            return errors.isEmpty ? .success(value) : .failure(OutputProblems(sentences: errors.map { "\($0)" }))
        }
    }
}

/// What is wrong with an answer, in sentences a model can act on.
struct OutputProblems: Error {
    var sentences: [String]
}
