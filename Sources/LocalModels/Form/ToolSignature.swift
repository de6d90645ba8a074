// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// Tools as a small model reads them best: one line with types, optional fields apart, and a sentence for each
/// described field.
enum ToolSignature {
    static func text(_ tool: ToolDefinition) -> String {
        let description = tool.description.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let about = description.isEmpty ? "" : ": " + description
        let optional = fields(tool.parameters, .optional)
        return
            "- \(tool.name) {\(fields(tool.parameters, .required))}\(optional.isEmpty ? "" : " optional {\(optional)}")"
            + "\(about)\(notes(tool.parameters))\n"
    }

    /// Which fields of an object are meant; with all of them, the optional ones are marked.
    private enum Selection { case all, required, optional }

    private static func fields(_ schema: JSONValue, _ selection: Selection, depth: Int = 0) -> String {
        let required = (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue)
        return (schema["properties"]?.objectValue ?? [:]).compactMap { name, field in
            let isRequired = required.contains(name)
            if selection != .all && isRequired != (selection == .required) { return nil }
            return "\(name)\(selection == .all && !isRequired ? "?" : ""): \(type(field, depth: depth))"
        }.joined(separator: ", ")
    }

    /// A schema as a short type: `string`, `"a"|"b"`, `integer[]`, `{street: string, zip?: string}`.
    static func type(_ schema: JSONValue, depth: Int = 0) -> String {
        guard case .object = schema, depth <= 4 else { return "any" }
        if let value = schema["const"] { return compact(value) }
        if let values = schema["enum"]?.arrayValue { return values.map(compact).joined(separator: "|") }
        for keyword in ["anyOf", "oneOf"] {
            if let options = schema[keyword]?.arrayValue {
                return options.map { type($0, depth: depth + 1) }.joined(separator: "|")
            }
        }
        if let kinds = schema["type"]?.arrayValue { return kinds.compactMap(\.stringValue).joined(separator: "|") }
        let kind = schema["type"]?.stringValue ?? (schema["properties"] == nil ? "any" : "object")
        if kind == "array" {
            let item = type(schema["items"] ?? [:], depth: depth + 1)
            return item.contains("|") ? "(\(item))[]" : "\(item)[]"
        }
        if kind == "object", schema["properties"]?.objectValue?.isEmpty == false {
            return "{" + fields(schema, .all, depth: depth + 1) + "}"
        }
        return kind
    }

    /// The descriptions of the fields, a sentence each; nested fields as `a.b`.
    private static func notes(_ schema: JSONValue, prefix: String = "") -> String {
        (schema["properties"]?.objectValue ?? [:]).map { name, field in
            guard case .object = field else { return "" }
            var lines = ""
            if let description = field["description"]?.stringValue, !description.isEmpty {
                var sentence = description.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                while sentence.hasSuffix(".") { sentence.removeLast() }
                lines += " \(prefix)\(name) is: \(sentence)."
            }
            lines += notes(field, prefix: prefix + name + ".")
            if let items = field["items"], case .object = items { lines += notes(items, prefix: prefix + name + "[].") }
            return lines
        }.joined()
    }

    static func compact(_ value: JSONValue) -> String { (try? value.serialized()) ?? "null" }
}
