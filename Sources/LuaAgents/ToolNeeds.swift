// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// What a tool says it needs to be granted. A call of it is held to that: what it does not declare, it may not do.
public struct ToolNeeds: Sendable, Equatable {
    /// ``Grants/Scope/everything`` stands for whatever the run was granted of the kind: in Lua, `net = true`.
    package let scopes: Grants

    package init(_ scopes: Grants) { self.scopes = scopes }

    /// - Parameter place: names the tool in errors.
    /// - Throws: ``Misuse`` for what is not a table of lists by `net`, `read`, `write`, `env` and `exec`.
    init(_ value: JSONValue, _ place: String) throws(Misuse) {
        var scopes = Grants()
        // An empty table of Lua is an empty list.
        let fields = value.arrayValue?.isEmpty == true ? [:] : try SpecField("\(place): needs", value).object()
        for (name, value) in fields {
            guard let kind = GrantKind(rawValue: name) else {
                let known = GrantKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw Misuse("\(place): needs: unknown kind '\(name)'; there are \(known)")
            }
            scopes[kind] = try Self.scope(SpecField("\(place): needs.\(name)", value))
        }
        self.scopes = scopes
    }

    private static func scope(_ field: SpecField) throws(Misuse) -> Grants.Scope {
        switch field.value {
        case .bool(true): return .everything
        case .bool(false): return .nothing
        case .string(let text): return .only([text])
        default:
            let names = try field.strings()
            if let name = names.first(where: { $0.isEmpty || $0.utf8.contains(0) }) {
                throw Misuse("\(field.place): expected names, found \"\(name)\"")
            }
            return names.isEmpty ? .nothing : .only(names)
        }
    }

    public var isEmpty: Bool { scopes == Grants() }

    /// The flags that grant it, as a shell takes them.
    public var flags: [String] {
        GrantKind.allCases.compactMap { kind in
            let flag = "--allow-\(kind.rawValue)"
            return switch scopes[kind] {
            case .nothing: nil
            case .everything: flag
            case .only(let names): ShellWord.quoted("\(flag)=\(names.joined(separator: ","))")
            }
        }
    }

    /// By kind: a list of names, or `true`.
    public var json: JSONObject {
        JSONObject(
            GrantKind.allCases.compactMap { kind -> (String, JSONValue)? in
                switch scopes[kind] {
                case .nothing: nil
                case .everything: (kind.rawValue, true)
                case .only(let names): (kind.rawValue, .array(names.map { .string($0) }))
                }
            })
    }

    /// What this needs, and what `other` needs.
    func union(_ other: ToolNeeds) -> ToolNeeds {
        var all = scopes
        for kind in GrantKind.allCases {
            switch (all[kind], other.scopes[kind]) {
            case (.everything, _), (_, .everything): all[kind] = .everything
            case (let own, let others):
                var names = own.entries
                for name in others.entries where !names.contains(name) { names.append(name) }
                all[kind] = names.isEmpty ? .nothing : .only(names)
            }
        }
        return ToolNeeds(all)
    }
}
