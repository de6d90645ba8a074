// SPDX-License-Identifier: Apache-2.0

package import JSONCore

extension Grants {
    /// Reads `{ read = { "docs" }, net = true }`, the form in which tools declare their needs.
    ///
    /// - Parameter place: what errors name.
    /// - Throws: ``Misuse`` that names what is wrong.
    package init(scriptValue value: JSONValue, _ place: String) throws(Misuse) {
        self = try ToolNeeds(value, place).scopes
    }

    /// These grants as far as `limit` goes; ``Scope/everything`` of a kind is all that `limit` has of it.
    ///
    /// - Parameter who: asks for them.
    /// - Throws: ``DeniedError`` with the flags that would grant what `limit` does not.
    package func within(_ limit: Grants, _ who: String) throws(DeniedError) -> Grants {
        let missing = Capabilities(limit).missing(ToolNeeds(self))
        guard missing.isEmpty else { throw DeniedError("\(who) asks for what is not granted", flags: missing.flags) }
        var result = self
        for kind in GrantKind.allCases where self[kind] == .everything { result[kind] = limit[kind] }
        return result
    }

    /// These and `others`.
    package func union(_ others: Grants) -> Grants { ToolNeeds(self).union(ToolNeeds(others)).scopes }

    /// The same with paths that do not hang on the current folder.
    package var withAbsolutePaths: Grants {
        var result = self
        result.read = read.mapEntries { PathParts($0, from: .current).text }
        result.write = write.mapEntries { PathParts($0, from: .current).text }
        return result
    }
}

extension Grants.Scope {
    fileprivate func mapEntries(_ change: (String) -> String) -> Grants.Scope {
        if case .only(let entries) = self { return .only(entries.map(change)) }
        return self
    }
}
