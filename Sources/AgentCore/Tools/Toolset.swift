// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore

/// The tools of an agent, checked and with their schemas compiled.
struct Toolset: Sendable {
    struct Entry: Sendable {
        let tool: any Tool
        let definition: ToolDefinition
        let schema: JSONSchema
    }

    let definitions: [ToolDefinition]
    private let entries: [String: Entry]

    /// - Throws: ``RunError`` with ``RunError/Code/configuration`` for a bad name, a name used twice or a bad schema.
    init(_ tools: [any Tool]) throws(RunError) {
        var entries: [String: Entry] = [:]
        definitions = tools.map(\.definition)
        for (tool, definition) in zip(tools, definitions) {
            guard definition.name.isToolName else {
                throw RunError(
                    .configuration, "tool name \"\(definition.name)\": expected 1 to 64 of A-Z, a-z, 0-9, '_' and '-'")
            }
            guard entries[definition.name] == nil else {
                throw RunError(.configuration, "two tools have the name \"\(definition.name)\"")
            }
            entries[definition.name] = Entry(tool: tool, definition: definition, schema: try Self.compile(definition))
        }
        self.entries = entries
    }

    subscript(name: String) -> Entry? { entries[name] }

    private static func compile(_ definition: ToolDefinition) throws(RunError) -> JSONSchema {
        do {
            return try JSONSchema(definition.parameters, options: .assertingFormats)
        } catch {
            throw RunError(.configuration, "tool \"\(definition.name)\": parameters: \(error)", cause: error)
        }
    }
}

extension String {
    /// Whether the string can name a tool for every provider: `^[A-Za-z0-9_-]{1,64}$`.
    package var isToolName: Bool {
        (1...64).contains(utf8.count)
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
