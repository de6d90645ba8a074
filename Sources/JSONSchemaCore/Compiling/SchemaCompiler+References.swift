// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension SchemaCompiler {
    mutating func compileReferences(_ source: SchemaSource, _ index: Int, _ site: SchemaSite) throws(SchemaError) {
        if let text = try source.text(.ref) {
            let target = try target(of: text, .ref, source, site)
            apply(node(in: target.resource, at: target.position, scope: site.scope), .ref, index)
        }
        if let text = try source.text(.dynamicRef) {
            let target = try target(of: text, .dynamicRef, source, site)
            apply(dynamicNode(for: target, site), .dynamicRef, index)
        }
        if let text = try source.text(.recursiveRef) {
            let target = try target(of: text, .recursiveRef, source, site)
            apply(recursiveNode(for: target, site), .recursiveRef, index)
        }
    }

    private mutating func apply(_ target: Int32, _ keyword: SchemaKeyword, _ index: Int) {
        targets[SchemaReferenceKey(node: Int32(index), keyword: keyword)] = target
        addOperation(.all, target)
    }

    mutating func addOperation(_ code: SchemaOperation.Code, _ target: Int32) {
        tables.operations.append(SchemaOperation(code: code, kinds: .every, a: Int32(tables.links.count)))
        tables.links.append(SchemaLink(to: target))
    }

    private mutating func target(
        of text: String, _ keyword: SchemaKeyword, _ source: SchemaSource, _ site: SchemaSite
    ) throws(SchemaError) -> SchemaTarget {
        do {
            return try registry.target(of: text, from: Int(site.resource))
        } catch let error as SchemaReferenceError {
            throw source.error(keyword, error.message)
        } catch let error as SchemaError {
            throw source.error(keyword, "\(ValueText.quote(text)) leads to a document with a fault: \(error)")
        } catch {
            throw source.error(keyword, "\(ValueText.quote(text)) leads to nothing")
        }
    }

    /// 2020-12 core §8.2.3.2: when the reference leads to a dynamic anchor at first, the outermost of that name counts.
    private mutating func dynamicNode(for target: SchemaTarget, _ site: SchemaSite) -> Int32 {
        let first = registry.resources[target.resource]
        if let name = target.anchor, first.dynamicAnchors[name] != nil,
            let outermost = scopes.resource(with: name, in: site.scope),
            let position = registry.resources[outermost].dynamicAnchors[name]
        {
            return node(in: outermost, at: position, scope: site.scope)
        }
        return node(in: target.resource, at: target.position, scope: site.scope)
    }

    /// 2019-09 core §8.2.4.2.1.
    private mutating func recursiveNode(for target: SchemaTarget, _ site: SchemaSite) -> Int32 {
        if registry.resources[target.resource].isRecursiveAnchor,
            let outermost = scopes.resource(with: "", in: site.scope)
        {
            return node(in: outermost, at: registry.resources[outermost].position, scope: site.scope)
        }
        return node(in: target.resource, at: target.position, scope: site.scope)
    }

    // MARK: Identity

    /// Identifiers and anchors were found before; here they are only checked. Definitions are compiled though nothing
    /// may lead to them, so that their faults show, but only those of the document itself.
    mutating func compileIdentity(_ source: SchemaSource, _ site: SchemaSite) throws(SchemaError) {
        for keyword in [SchemaKeyword.id, .legacyID, .anchor, .dynamicAnchor] { _ = try source.text(keyword) }
        for keyword in [SchemaKeyword.defs, .definitions] {
            let members = try source.members(keyword) ?? []
            if site.document == 0 { for name in members { _ = child(name + 1, site) } }
        }
    }

    // MARK: To the same instance

    mutating func compileApplicators(_ source: SchemaSource, _ site: SchemaSite) throws(SchemaError) {
        for schema in try children(.allOf, source, site).indices {
            tables.operations.append(SchemaOperation(code: .all, kinds: .every, a: Int32(schema)))
        }
        if let negated = try child(.not, source, site) { addOperation(.not, negated) }
        try compileCondition(source, site)
        for (keyword, code) in [(SchemaKeyword.anyOf, SchemaOperation.Code.any), (.oneOf, .one)] {
            let branches = try children(keyword, source, site)
            if branches.isEmpty { continue }
            tables.operations.append(
                SchemaOperation(code: code, kinds: .every, a: branches.start, b: branches.count))
        }
    }

    private mutating func compileCondition(_ source: SchemaSource, _ site: SchemaSite) throws(SchemaError) {
        // Without `if` the other two mean nothing (2020-12 core §10.2.2), but must be schemas still.
        let condition = try child(.if, source, site)
        let consequent = try child(.then, source, site)
        let alternative = try child(.else, source, site)
        guard let condition else { return }
        let start = Int32(tables.links.count)
        tables.links.append(SchemaLink(to: condition))
        tables.links.append(consequent.map(SchemaLink.init(to:)) ?? .all)
        tables.links.append(alternative.map(SchemaLink.init(to:)) ?? .all)
        tables.operations.append(SchemaOperation(code: .condition, kinds: .every, a: start))
    }

    // MARK: What is left over

    mutating func compileUnevaluated(_ source: SchemaSource, _ site: SchemaSite) throws(SchemaError) {
        let pairs: [(SchemaKeyword, SchemaOperation.Code, KindSet)] = [
            (.unevaluatedItems, .unevaluatedItems, .array), (.unevaluatedProperties, .unevaluatedProperties, .object),
        ]
        for (keyword, code, kind) in pairs {
            guard let target = try child(keyword, source, site) else { continue }
            hasUnevaluated = true
            tables.operations.append(
                SchemaOperation(code: code, kinds: kind, a: -1, b: Int32(tables.links.count)))
            tables.links.append(SchemaLink(to: target))
        }
    }
}
