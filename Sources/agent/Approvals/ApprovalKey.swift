// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc

/// What an answer is remembered for: this tool, as it is described now, of this file, with the code it has now.
struct ApprovalKey: Hashable {
    /// The real path of the file; empty for a tool that comes from none.
    var file: String
    /// SHA-256 of the code, in hexadecimal digits.
    var script: String
    var tool: String
    /// SHA-256 of what the model is told of the tool and of its effect, in hexadecimal digits.
    var definition: String

    init(file: String, script: String, tool: String, definition: String) {
        self.file = file
        self.script = script
        self.tool = tool
        self.definition = definition
    }

    init(_ request: ApprovalRequest) {
        let described: JSONValue = [
            "name": .string(request.tool.name), "description": .string(request.tool.description),
            "parameters": request.tool.parameters, "effect": .string(request.tool.effect.rawValue),
        ]
        // A schema that has no JSON text (NaN in it) was refused before; without text there is nothing to remember.
        let text = (try? described.serializedBytes()) ?? []
        self.init(
            file: request.origin.flatMap { Self.realPath($0.file) } ?? "", script: request.origin?.digest ?? "",
            tool: request.tool.name, definition: text.isEmpty ? "" : SHA256.digest(text).hexadecimal)
    }

    /// Whether the answer can outlive the run: the tool is code in a file that is there.
    var isOfFile: Bool { !file.isEmpty && !script.isEmpty && !definition.isEmpty }

    static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
