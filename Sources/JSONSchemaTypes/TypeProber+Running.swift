// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension TypeProber {
    /// What one run of an `init(from:)` found.
    private struct Attempt {
        let recording: ProbeRecording
        /// How many keys there are to choose from, when the type asked which are there.
        let choices: Int?
    }

    func probedNode<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> SchemaNode {
        let notes = (type as? any SchemaDescribing.Type)?.schemaNotes
        var nodes: [Int: SchemaNode] = [:]
        var choices = 1
        var postponed: TypeSchemaError?
        // An alternative that contains the type itself has to wait until another one has given a value of it.
        for round in 0..<2 where round == 0 || postponed != nil {
            var choice = 0
            while choice < choices {
                defer { choice += 1 }
                if nodes[choice] != nil { continue }
                let run = ProbeRun(prober: self, type: type, notes: notes, choice: choice)
                do {
                    nodes[choice] = try confirmed(type, run, path)
                } catch let error as TypeSchemaError where error.code == .endless && run.choices != nil && round == 0 {
                    forgive(error)
                    postponed = error
                }
                choices = run.choices ?? 1
            }
        }
        let found = (0..<choices).compactMap { nodes[$0] }
        if found.count == 1, let only = found.first { return only }
        return .alternatives(found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
    }

    /// Runs the type twice and gives the form that both runs agree on.
    private func confirmed<Value: Decodable>(_ type: Value.Type, _ run: ProbeRun, _ path: String) throws -> SchemaNode {
        let first = try attempt(type, run, .first, path)
        let second = try attempt(type, run, .second, path)
        guard second.isCovered(by: first) else {
            throw fail(
                .values, type, path,
                "init(from:) of \(Self.shortName(of: type)) asks for different things depending on the values that it "
                    + "meets, so that no schema can say what it decodes. \(Self.remedy(for: type))")
        }
        if let unused = run.notes?.properties.first(where: { note in !first.names.contains { $0 == note.key } }) {
            throw fail(
                .notes, type, path,
                "the notes of \(Self.shortName(of: type)) describe \"\(unused.key)\", which its init(from:) does not ask "
                    + "for")
        }
        return first.node
    }

    private func attempt<Value: Decodable>(
        _ type: Value.Type, _ run: ProbeRun, _ pass: ProbePass, _ path: String
    ) throws -> ProbeRecording {
        run.pass = pass
        let recording = ProbeRecording(isOfType: true)
        let value: Value
        do {
            value = try Value(from: ProbeDecoder(recording: recording, run: run, path: path, codingPath: []))
        } catch let error as TypeSchemaError {
            throw error
        } catch {
            if let failure { throw failure }
            throw refused(type, path, error)
        }
        if let failure { throw failure }
        if type is any RawRepresentable.Type, Mirror(reflecting: value).displayStyle == .enum {
            throw uncounted(type, path)
        }
        store(value, pass)
        return recording
    }

    private func refused(_ type: any Decodable.Type, _ path: String, _ error: any Error) -> TypeSchemaError {
        if type is any RawRepresentable.Type { return uncounted(type, path) }
        let name = Self.shortName(of: type)
        return fail(
            .values, type, path,
            "init(from:) of \(name) refuses some values of the types that it asks for (\(Self.sentence(error))), so that "
                + "its schema would promise too much. \(Self.remedy(for: type))", cause: error)
    }

    private func uncounted(_ type: any Decodable.Type, _ path: String) -> TypeSchemaError {
        let name = Self.shortName(of: type)
        return fail(
            .cases, type, path,
            "the values of \(name) cannot be listed. Make it CaseIterable: enum \(name): …, CaseIterable")
    }

    private static func remedy(for type: Any.Type) -> String {
        "Give bounds, a default or examples in schemaNotes, or a schema by SchemaProviding"
    }

    private static func sentence(_ error: any Error) -> String {
        switch error {
        case DecodingError.dataCorrupted(let context), DecodingError.keyNotFound(_, let context),
            DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            context.debugDescription
        default: "\(error)"
        }
    }
}
