// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension SchemaCompiler {
    /// Finds the node of each `$ref`; compiles those targets that no keyword led to.
    mutating func resolveReferences() throws(SchemaError) {
        // Compiling a target may add references of its own at the end.
        var position = 0
        while position < references.count {
            let reference = references[position]
            nodes[Int(reference.node)].reference = try target(of: reference.text, reference.source)
            position += 1
        }
    }

    private mutating func target(of text: String, _ source: SchemaSource) throws(SchemaError) -> SchemaIndex {
        let mark = text.firstIndex(of: "#") ?? text.endIndex
        let base = text[..<mark]
        guard base.isEmpty || base == identifier else {
            throw source.error(
                "$ref", "\(ValueText.quote(text)) is in another document; only references into this one are supported")
        }
        guard let fragment = Self.decodePercents(text[mark...].dropFirst()) else {
            throw source.error("$ref", "\(ValueText.quote(text)) has a malformed percent escape")
        }
        if !fragment.isEmpty && !fragment.hasPrefix("/") {
            if let anchor = anchors[fragment] { return anchor }
            throw source.error("$ref", "there is no anchor \(ValueText.quote(fragment)) in this document")
        }
        let missing = "\(ValueText.quote(text)) leads to nothing in this document"
        guard let pointer = try? JSONPointer(parsing: fragment), let schema = pointer.value(in: document) else {
            throw source.error("$ref", missing)
        }
        return try node(for: schema, at: pointer)
    }

    /// RFC 3986 §2.1; `nil` for a `%` without two hexadecimal digits and for bytes that are not UTF-8.
    private static func decodePercents(_ text: Substring) -> String? {
        guard text.contains("%") else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.first != UInt8(ascii: "+"),
                let decoded = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(decoded)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Refuses schemas that come back to themselves without going into the instance: checking would not end.
    func refuseEndlessLoops() throws(SchemaError) {
        var marks = [UInt8](repeating: 0, count: nodes.count)
        for index in nodes.indices { try visit(SchemaIndex(index), &marks) }
    }

    private func visit(_ index: SchemaIndex, _ marks: inout [UInt8]) throws(SchemaError) {
        if marks[Int(index)] == 2 { return }
        if marks[Int(index)] == 1 {
            throw SchemaError(
                keyword: "$ref", location: locations[Int(index)],
                message: "the schema refers to itself without going into the instance, so it has no meaning")
        }
        marks[Int(index)] = 1
        for next in applied(by: nodes[Int(index)]) { try visit(next, &marks) }
        marks[Int(index)] = 2
    }

    /// The nodes that `node` applies to the same instance.
    private func applied(by node: SchemaNode) -> [SchemaIndex] {
        var result = [node.reference, node.not, node.condition, node.consequent, node.alternative]
        for run in [node.allOf, node.anyOf, node.oneOf] { result += lists[run.indices] }
        if node.objects >= 0 { result += objects[Int(node.objects)].dependencies.map(\.node) }
        return result.filter { $0 >= 0 }
    }
}
