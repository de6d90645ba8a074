// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import JSONSchemaTypes

extension SwiftTool {
    /// A tool whose schema is that of `Arguments`, and whose result the model gets as JSON; a `String` as it is.
    ///
    /// Give descriptions and bounds with ``SchemaDescribing``. Arguments that are valid and yet do not decode, such as a
    /// number beyond 64 bits, are told to the model as its fault.
    ///
    /// - Parameter strict: whether the provider is asked to hold the arguments to the schema. Optional properties must
    ///   then be there and may be `null`, as providers want it.
    /// - Throws: ``TypeSchemaError`` when `Arguments` has no schema, or one that is not of an object.
    public init<Output: Encodable & Sendable>(
        _ name: String, _ description: String, effect: ToolDefinition.Effect = .write, needsApproval: Bool? = nil,
        timeout: Duration? = nil, strict: Bool = false,
        _ body: @escaping @Sendable (Arguments) async throws -> Output
    ) throws {
        try self.init(
            name, description, effect: effect, needsApproval: needsApproval, timeout: timeout, strict: strict
        ) { arguments in
            let output = try await body(arguments)
            if let text = output as? String { return .text(text) }
            return .value(try JSONValue(encoding: output))
        }
    }

    /// A tool whose schema is that of `Arguments`, and which may tell the model what went wrong.
    ///
    /// - Parameter strict: whether the provider is asked to hold the arguments to the schema. Optional properties must
    ///   then be there and may be `null`, as providers want it.
    /// - Throws: ``TypeSchemaError`` when `Arguments` has no schema, or one that is not of an object.
    public init(
        _ name: String, _ description: String, effect: ToolDefinition.Effect = .write, needsApproval: Bool? = nil,
        timeout: Duration? = nil, strict: Bool = false,
        _ body: @escaping @Sendable (Arguments) async throws -> ToolOutput
    ) throws {
        let definition = ToolDefinition(
            name: name, description: description, parameters: try Self.parameters(strict: strict), effect: effect,
            needsApproval: needsApproval, timeout: timeout, strict: strict)
        self.init(definition) { value in
            let arguments: Arguments
            do {
                arguments = try value.decode(as: Arguments.self, integers: .byValue)
            } catch let error as DecodingError {
                return .failure("invalid arguments: \(error.sentence)")
            }
            return try await body(arguments)
        }
    }

    private static func parameters(strict: Bool) throws -> JSONValue {
        let document = try JSONSchema(for: Arguments.self, optionals: strict ? .null : .nullOrMissing).document
        guard document["type"] == "object", var schema = document.objectValue else {
            let name = String(describing: Arguments.self)
            throw TypeSchemaError(
                .invalid, type: name, path: name,
                "the arguments of a tool must be an object, which \(name) does not decode from. Put it in a struct")
        }
        // The tool has a name already.
        schema["title"] = nil
        return .object(schema)
    }
}

extension DecodingError {
    /// What is wrong and where, such as `/days/0: 300 does not fit UInt8`.
    package var sentence: String {
        switch self {
        case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
            .valueNotFound(_, let context):
            let path = JSONPointer(tokens: context.codingPath.map(\.stringValue))
            return path.isRoot ? context.debugDescription : "\(path): \(context.debugDescription)"
        @unknown default: return "\(self)"
        }
    }
}
