// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// A tool written in Swift, with typed arguments. Its schema is that of the arguments' type, unless it brings one.
///
/// ```swift
/// struct Ingredients: Decodable { let dish: String; let people: Int }
/// struct Purchase: Encodable { let flourGrams: Int }
/// let shopping = try SwiftTool("shopping_list", "What to buy for a dish.", effect: .read) { (wanted: Ingredients) in
///     Purchase(flourGrams: wanted.people * 120)
/// }
/// ```
public struct SwiftTool<Arguments: Decodable & Sendable>: Tool {
    public let definition: ToolDefinition
    private let body: @Sendable (JSONValue) async throws -> ToolOutput

    /// - Parameter parameters: a JSON Schema of an object, by which arguments are validated before they are decoded.
    public init(
        _ name: String, _ description: String, parameters: JSONValue, effect: ToolDefinition.Effect = .write,
        needsApproval: Bool? = nil, timeout: Duration? = nil,
        _ body: @escaping @Sendable (Arguments) async throws -> ToolOutput
    ) {
        self.init(
            ToolDefinition(
                name: name, description: description, parameters: parameters, effect: effect,
                needsApproval: needsApproval, timeout: timeout)
        ) { arguments in
            try await body(try arguments.decode(as: Arguments.self, integers: .byValue))
        }
    }

    init(_ definition: ToolDefinition, body: @escaping @Sendable (JSONValue) async throws -> ToolOutput) {
        self.definition = definition
        self.body = body
    }

    public func call(_ arguments: JSONValue, context: ToolContext) async throws -> ToolOutput {
        try await body(arguments)
    }
}

extension RunResult {
    /// The structured output as a Swift type. `3.0` decodes into an integer type, since schemas call it an integer.
    ///
    /// - Throws: `DecodingError`; also when the run asked for no structured output.
    public func output<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        guard let output else {
            throw DecodingError.valueNotFound(
                type, .init(codingPath: [], debugDescription: "the run was not asked for structured output"))
        }
        return try output.decode(as: type, integers: .byValue)
    }
}
