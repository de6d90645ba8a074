// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore

/// The arguments of a call, held to the tool's schema: what the tool gets is what was validated.
enum ToolArguments {
    /// Valid, with defaults filled in.
    case valid(JSONValue)
    /// An object that the schema does not allow, and why.
    case invalid(JSONValue, [String])
    /// Not a JSON object at all; in words for the model.
    case malformed(String)

    /// An integer beyond 64 bits would be rounded, and the tool act on another number than the model wrote. The depth is what
    /// can be handed to a Lua function and back, so that arguments that are too deep are the model's to mend.
    private static let limits = JSONLimits(depth: 100, bigNumbers: .refuse)

    /// - Parameter text: as the model wrote it. No text at all means no arguments: models send that for tools without any.
    init(parsing text: String, schema: JSONSchema) {
        do {
            self.init(try text.isEmpty ? .object([:]) : JSONValue(parsing: text, limits: Self.limits), schema: schema)
        } catch {
            self = .malformed("the arguments are not JSON: \(error)")
        }
    }

    init(_ value: JSONValue, schema: JSONSchema) {
        guard case .object = value else {
            self = .malformed("invalid arguments: expected a JSON object, found \(value.typeName)")
            return
        }
        let filled = schema.filledDefaults(in: value)
        self = schema.isValid(filled) ? .valid(filled) : .invalid(filled, schema.validate(filled).map { "\($0)" })
    }

    /// What is wrong, for the model.
    static func sentence(_ problems: [String]) -> String {
        let list = problems.map { "- " + $0 }.joined(separator: "\n")
        return "invalid arguments:\n\(list)\nCall the tool again with corrected arguments."
    }
}
