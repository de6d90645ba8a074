// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import JSONCore
public import JSONSchemaCore

/// Lets pass what is one JSON value and nothing else, white space around it allowed, and valid by a schema if there is one.
///
/// What it says of a text holds places, and never a word of it.
public struct JSONOnlyGuardrail: Guardrail {
    public var isReplayable: Bool { true }
    public let name: String
    public let schema: JSONSchema?
    /// What becomes of other texts. ``GuardrailAction/replace`` puts `null` in their place.
    public let action: GuardrailAction
    /// Names that the schema's author wrote, which may be shown.
    private let knownNames: Set<String>

    public init(schema: JSONSchema? = nil, action: GuardrailAction = .block, name: String = "json_only") {
        self.name = name
        self.schema = schema
        self.action = action
        knownNames = schema.map { Self.names(in: $0.document) } ?? []
    }

    /// A text is JSON only as a whole.
    public var judgesSentences: Bool { false }

    public func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict {
        guard subject.isFinal else { return .pass }
        let value: JSONValue
        do { value = try JSONValue(parsing: subject.before + subject.text) } catch {
            let place = error.offset.map { " at byte \($0)" } ?? ""
            let finding = GuardrailFinding(
                "the text is not one JSON value: \(Self.words(error.code))\(place)", category: "not_json")
            return action.verdict(finding, replacement: "null")
        }
        guard let error = schema?.validate(value, limit: 1).first else { return .pass }
        let finding = GuardrailFinding(
            "the JSON is not valid by the schema: \(shown(error.instanceLocation)) fails the keyword \"\(error.keyword)\" "
                + "(schema \(error.keywordLocation.isRoot ? "/" : error.keywordLocation.description))",
            category: "schema")
        return action.verdict(finding, replacement: "null")
    }

    /// The codes in words, as messages of the parser quote bytes and keys.
    private static func words(_ code: JSONError.Code) -> String {
        switch code {
        case .unexpectedByte: "a byte that cannot stand there"
        case .unexpectedEnd: "it ends too early"
        case .trailingText: "text behind the value"
        case .invalidNumber, .numberOutOfRange: "a malformed or too large number"
        case .controlCharacter: "a control character in a string"
        case .invalidEscape, .loneSurrogate: "a malformed escape in a string"
        case .invalidUTF8: "bytes that are no UTF-8"
        case .duplicateKey: "a key that is there twice"
        case .depthLimit: "too many containers in each other"
        default: "more than the limits allow (\(code))"
        }
    }

    /// The pointer, with `*` for names that the schema does not know: they are words of the text.
    private func shown(_ pointer: JSONPointer) -> String {
        let tokens = pointer.tokens.map {
            $0.allSatisfy(\.isNumber) && $0.utf8.count < 10 || knownNames.contains($0) ? $0 : "*"
        }
        return pointer.isRoot ? "/" : JSONPointer(tokens: tokens).description
    }

    private static func names(in schema: JSONValue) -> Set<String> {
        switch schema {
        case .object(let members):
            var names = Set(members["properties"]?.objectValue?.keys ?? [])
            for required in members["required"]?.arrayValue ?? [] { required.stringValue.map { _ = names.insert($0) } }
            return members.members.reduce(into: names) { $0.formUnion(self.names(in: $1.value)) }
        case .array(let values): return values.reduce(into: []) { $0.formUnion(names(in: $1)) }
        default: return []
        }
    }
}
