// SPDX-License-Identifier: Apache-2.0

/// Dynamic scopes (2020-12 core §7.1), reduced to what can be told apart by them: for each dynamic anchor the
/// outermost resource that has it.
///
/// A node is compiled for each scope that it can be come to by, so that evaluation needs no scopes at all. A scope only
/// grows on the way, and in each resource by the same anchors, so there are few.
struct SchemaScopes: Sendable {
    /// The outermost resources by name; the name of a recursive anchor is empty.
    private var scopes: [[String: Int]] = [[:]]
    private var entered: [Pair: Int32] = [:]
    private var known: [[String: Int]: Int32] = [[:]: 0]

    private struct Pair: Hashable, Sendable {
        let scope: Int32
        let resource: Int
    }

    /// The scope within `resource` for those who come from `scope`.
    mutating func entering(_ resource: SchemaResource, _ index: Int, from scope: Int32) -> Int32 {
        if resource.dynamicAnchors.isEmpty && !resource.isRecursiveAnchor { return scope }
        let pair = Pair(scope: scope, resource: index)
        if let result = entered[pair] { return result }
        var anchors = scopes[Int(scope)]
        for name in resource.dynamicAnchors.keys where anchors[name] == nil { anchors[name] = index }
        if resource.isRecursiveAnchor && anchors[""] == nil { anchors[""] = index }
        let result = known[anchors] ?? Int32(scopes.count)
        if result == Int32(scopes.count) {
            scopes.append(anchors)
            known[anchors] = result
        }
        entered[pair] = result
        return result
    }

    /// The scope within `resource` for those who come from `scope`, when it was entered from there.
    func entered(_ resource: SchemaResource, _ index: Int, from scope: Int32) -> Int32? {
        if resource.dynamicAnchors.isEmpty && !resource.isRecursiveAnchor { return scope }
        return entered[Pair(scope: scope, resource: index)]
    }

    /// The outermost resource of a scope with the dynamic anchor `name`.
    func resource(with name: String, in scope: Int32) -> Int? { scopes[Int(scope)][name] }
}
