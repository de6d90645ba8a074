// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// What is known of a type: its form, and two values of it as far as there are any.
struct Finding<Value> {
    var node: SchemaNode
    var first: Value?
    var second: Value?

    func value(_ pass: ProbePass) -> Value? { pass == .first ? first : second }
}

/// The two runs of a type's `init(from:)`. What is asked for in the second, which gets other values and meets `null`
/// wherever it may, must be what was asked for in the first, or else the type decides by values.
enum ProbePass { case first, second }

/// Finds the form of types by running their `init(from:)` with decoders that write down what they are asked for.
final class TypeProber {
    struct Entry {
        let name: String
        var node: SchemaNode?
        var first: Any?
        var second: Any?
        var description: String?
    }

    /// More levels than a type anyone wrote, fewer than would reach the end of the stack.
    static let depthLimit = 64

    private(set) var entries: [ObjectIdentifier: Entry] = [:]
    /// The first failure. Kept, because an `init(from:)` may swallow what it is thrown.
    private(set) var failure: TypeSchemaError?
    private(set) var depth: Int

    init(depth: Int = 0) { self.depth = depth }

    func resolve<Value: Decodable>(_ type: Value.Type, path: String) throws -> Finding<Value> {
        if let leaf = type as? any ProbeLeaf.Type, let finding = try probe(leaf, path) as? Finding<Value> {
            return finding
        }
        let id = ObjectIdentifier(type)
        if let entry = entries[id] { return finding(id, entry) }
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.depthLimit else {
            throw fail(.depth, type, path, "types are nested more than \(Self.depthLimit) levels deep")
        }
        entries[id] = Entry(name: Self.shortName(of: type))
        entries[id]?.description = (type as? any SchemaDescribing.Type)?.schemaNotes.description
        do {
            let form = try node(type, path)
            entries[id]?.node = form
        } catch {
            // It may be probed again, once there are values that it lacked.
            entries[id] = nil
            throw error
        }
        return finding(id, entries[id] ?? Entry(name: ""))
    }

    private func finding<Value>(_ id: ObjectIdentifier, _ entry: Entry) -> Finding<Value> {
        Finding(node: .type(id), first: entry.first as? Value, second: entry.second as? Value)
    }

    private func probe<Leaf: ProbeLeaf>(_ leaf: Leaf.Type, _ path: String) throws -> Any {
        try leaf.probe(path: path, by: self)
    }

    private func node<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> SchemaNode {
        if let provider = type as? any SchemaProviding.Type {
            return try providedNode(type, provider.jsonSchema, path)
        }
        if let known = KnownType(named: String(reflecting: type)) {
            remember(type, known.samples.first, known.samples.last)
            return .literal(known.schema)
        }
        if let raw = type as? any (CaseIterable & RawRepresentable).Type {
            return try enumerationNode(type, raw, path)
        }
        return try probedNode(type, path)
    }

    // MARK: Values and failures

    func store<Value>(_ value: Value, _ pass: ProbePass) {
        let id = ObjectIdentifier(Value.self)
        if pass == .first { entries[id]?.first = value } else { entries[id]?.second = value }
    }

    /// Keeps the values that two JSON values decode to.
    func remember<Value: Decodable>(_ type: Value.Type, _ first: JSONValue?, _ second: JSONValue?) {
        if let value = try? first?.decode(as: type, integers: .byValue) { store(value, .first) }
        if let value = try? second?.decode(as: type, integers: .byValue) { store(value, .second) }
    }

    func fail(
        _ code: TypeSchemaError.Code, _ type: Any.Type, _ path: String, _ message: String, cause: (any Error)? = nil
    ) -> TypeSchemaError {
        let error = TypeSchemaError(code, type: Self.shortName(of: type), path: path, message, cause: cause)
        failure = failure ?? error
        return error
    }

    /// Takes a failure back that another alternative made up for.
    func forgive(_ error: TypeSchemaError) {
        if failure?.description == error.description { failure = nil }
    }

    static func shortName(of type: Any.Type) -> String { String(describing: type) }
}
