// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension TypeProber {
    /// More forms than a type anyone wrote tries one after another.
    private static let formLimit = 32

    func probedNode<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> SchemaNode {
        let notes = (type as? any SchemaDescribing.Type)?.schemaNotes
        var nodes: [Int: SchemaNode] = [:]
        var names: [String] = []
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
                    let recording = try confirmed(type, run, path)
                    nodes[choice] = recording.node
                    names += recording.names
                } catch let error as TypeSchemaError where error.code == .endless && run.choices != nil && round == 0 {
                    forgive(error)
                    postponed = error
                }
                choices = run.choices ?? 1
            }
        }
        var found = (0..<choices).compactMap { nodes[$0] }
        if choices == 1 { found += otherForms(of: type, notes, path, &names) }
        if let failure { throw failure }
        try expectUse(of: notes, names, type, path)
        found = found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        if found.count == 1, let only = found.first { return only }
        return .alternatives(found)
    }

    /// The forms that a type tries when it does not find the one that it asked for first: it is told so of the first
    /// form, then of the first two, until it gives up.
    private func otherForms<Value: Decodable>(
        of type: Value.Type, _ notes: SchemaNotes?, _ path: String, _ names: inout [String]
    ) -> [SchemaNode] {
        var found: [SchemaNode] = []
        for refusals in 1...Self.formLimit {
            let run = ProbeRun(prober: self, type: type, notes: notes, choice: 0)
            run.refusals = refusals
            guard let first = try? attempt(type, run, .first, path), first.form != .unasked,
                let second = try? attempt(type, run, .second, path), second.isCovered(by: first)
            else { break }
            found.append(first.node)
            names += first.names
        }
        return found
    }

    private func expectUse(of notes: SchemaNotes?, _ names: [String], _ type: Any.Type, _ path: String) throws {
        guard let unused = notes?.properties.first(where: { !names.contains($0.key) }) else { return }
        throw fail(
            .notes, type, path,
            "the notes of \(Self.shortName(of: type)) describe \"\(unused.key)\", which its init(from:) does not ask for"
        )
    }

    /// Runs the type twice and gives the form that both runs agree on.
    private func confirmed<Value: Decodable>(
        _ type: Value.Type, _ run: ProbeRun, _ path: String
    ) throws -> ProbeRecording {
        let first = try attempt(type, run, .first, path)
        let second = try attempt(type, run, .second, path)
        guard second.isCovered(by: first) else {
            throw fail(
                .values, type, path,
                "init(from:) of \(Self.shortName(of: type)) asks for different things depending on the values that it "
                    + "meets, so that no schema can say what it decodes. \(Self.remedy(for: type))")
        }
        return first
    }

    private func attempt<Value: Decodable>(
        _ type: Value.Type, _ run: ProbeRun, _ pass: ProbePass, _ path: String
    ) throws -> ProbeRecording {
        run.begin(pass)
        let recording = ProbeRecording(isOfType: true)
        let value: Value
        do {
            value = try Value(from: ProbeDecoder(recording: recording, run: run, path: path, codingPath: []))
        } catch let error as TypeSchemaError {
            throw error
        } catch {
            if let failure { throw failure }
            // It was told that its form is not there, and has no other.
            if run.refusals > 0 { throw error }
            throw refused(type, path, error)
        }
        if let failure { throw failure }
        if type is any RawRepresentable.Type, Mirror(reflecting: value).displayStyle == .enum {
            throw uncounted(type, path)
        }
        if run.refusals == 0 { store(value, pass) }
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
