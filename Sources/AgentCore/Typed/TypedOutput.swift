// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
public import JSONSchemaTypes

/// Structured output as a Swift type: what the model is asked for, and the value of what it answered.
///
/// ```swift
/// let books = try TypedOutput([Book].self)
/// agent.output = books.format
/// let shelf = try books.value(of: try await agent.run("Three books on bees"))
/// ```
public struct TypedOutput<Value: Decodable & Sendable>: Sendable {
    /// What to ask an agent for. Providers want an object, so a type that is none is asked for as `{"value": …}`.
    public let format: OutputFormat
    private let schema: JSONSchema
    private let isWrapped: Bool

    private struct Answer: Decodable {
        let value: Value
    }

    /// - Parameters:
    ///   - name: what providers are told the schema is called, matching `^[A-Za-z0-9_-]{1,64}$`; by default the name of
    ///     the type.
    ///   - optionals: in which form optional properties are asked for.
    /// - Throws: ``TypeSchemaError`` when the type has no schema.
    public init(
        _ type: Value.Type = Value.self, name: String? = nil, optionals: OptionalProperties = .nullOrMissing
    ) throws {
        let plain = try JSONSchema(for: type, optionals: optionals)
        isWrapped = plain.document["type"] != "object"
        schema = isWrapped ? try JSONSchema(for: Answer.self, optionals: optionals) : plain
        format = .schema(schema, name: name ?? JSONSchema.name(for: type))
    }

    /// The answer of a run that was asked for ``format``, with the defaults of the type's notes filled in.
    ///
    /// - Throws: ``RunError`` with ``RunError/Code/output`` when there is no such answer, or when it does not decode
    ///   although it is valid, such as for a number beyond 64 bits.
    public func value(of result: RunResult) throws -> Value {
        guard let output = result.output else {
            let limit = result.stopped.map { "the limit of \($0.rawValue) ended the run before its answer was whole" }
            throw failure(limit ?? "the run was not asked for structured output", result)
        }
        let filled = schema.filledDefaults(in: output)
        do {
            if isWrapped { return try filled.decode(as: Answer.self, integers: .byValue).value }
            return try filled.decode(as: Value.self, integers: .byValue)
        } catch {
            let sentence = (error as? DecodingError)?.sentence ?? "\(error)"
            throw failure("the answer is no \(Value.self): \(sentence)", result, cause: error)
        }
    }

    private func failure(_ message: String, _ result: RunResult, cause: (any Error)? = nil) -> RunError {
        RunError(
            .output, message, cause: cause, attempts: [result.text], usage: result.usage, messages: result.messages)
    }
}

extension Agent {
    /// Runs until there is an answer, and gives it as a Swift type. The agent's own ``output`` does not count.
    ///
    /// The schema of the type is what the model is asked for and what its answer is held to, with the repairs that
    /// ``RunLimits`` allow. Take a ``TypedOutput`` to keep the schema, to stream, or to see the whole ``RunResult``.
    ///
    /// - Throws: ``RunError``, with ``RunError/Code/configuration`` when the type has no schema; or `CancellationError`.
    public func run<Value: Decodable & Sendable>(_ prompt: String, as type: Value.Type) async throws -> Value {
        try await run([.user(prompt)], as: type)
    }

    /// Runs a conversation until there is an answer, and gives it as a Swift type.
    public func run<Value: Decodable & Sendable>(_ messages: [Message], as type: Value.Type) async throws -> Value {
        let output: TypedOutput<Value>
        do {
            output = try TypedOutput(type)
        } catch {
            throw RunError(.configuration, "the type of the answer: \(error)", cause: error)
        }
        var agent = self
        agent.output = output.format
        return try output.value(of: try await agent.run(messages))
    }
}
