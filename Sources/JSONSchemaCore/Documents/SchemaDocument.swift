// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// One document that schemas are read from, on a tape that stays while any program made from it does.
///
/// Confined to the compiler until the program is made and never changed afterwards, hence `@unchecked`.
final class SchemaDocument: @unchecked Sendable {
    private let tape: JSONTape
    /// Valid as long as the document.
    let view: JSONTapeView
    /// Roots of resources within the document by position, in order. The first is at 0.
    var roots: [(position: Int, resource: Int)] = []
    /// Nodes by scope and position, -1 where there is none.
    var nodes: [[Int32]] = []
    /// Members by name, of large objects that references lead into.
    private var indices: [Int: [ByteKey: Int]] = [:]

    init(_ value: JSONValue) {
        tape = JSONTape(value)
        view = tape.withView { $0 }
    }

    var count: Int { view[0].extent }

    /// The resource whose root is nearest above a position.
    func resource(at position: Int) -> Int {
        if roots.count == 1 { return roots[0].resource }
        var found = roots[0].resource
        for root in roots {
            if root.position > position { break }
            if position < root.position + view[root.position].extent { found = root.resource }
        }
        return found
    }

    /// The place of a value, found by the way down from the root: the parts of a container lie together.
    func pointer(to position: Int, from root: Int = 0) -> JSONPointer {
        var tokens: [String] = []
        var current = root
        while current < position {
            let slot = view[current]
            let isObject = slot.kind == .object
            guard isObject || slot.kind == .array else { break }
            var next = current + 1
            var index = 0
            while index < slot.length {
                let value = isObject ? next + 1 : next
                let end = value + view[value].extent
                if position < end {
                    tokens.append(isObject ? view.string(next) : String(index))
                    current = value
                    break
                }
                next = end
                index += 1
            }
            if index == slot.length || position < current { break }
        }
        return JSONPointer(tokens: tokens)
    }

    /// Where references into one large object are many, as into definitions, looking through it each time would take
    /// quadratic time.
    private func member(of position: Int, _ name: String) -> Int? {
        guard view[position].length > 16 else { return view.member(of: position, name) }
        if let index = indices[position] { return index[ByteKey(name)] }
        var index: [ByteKey: Int] = [:]
        for name in view.members(of: position) { index[ByteKey(view.string(name))] = name + 1 }
        indices[position] = index
        return index[ByteKey(name)]
    }

    /// The value that a pointer leads to from `root`; `nil` when there is none.
    func position(of pointer: JSONPointer, from root: Int) -> Int? {
        var current = root
        for token in pointer.tokens {
            switch view[current].kind {
            case .object:
                guard let value = member(of: current, token) else { return nil }
                current = value
            case .array:
                guard let index = JSONPointer.arrayIndex(token), index < view[current].length else { return nil }
                current += 1
                for _ in 0..<index { current += view[current].extent }
            default: return nil
            }
        }
        return current
    }
}

extension JSONPointer {
    /// RFC 6901 §4: digits without a leading zero.
    fileprivate static func arrayIndex(_ token: String) -> Int? {
        let isDigits = token.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isDigits, token.utf8.count == 1 || token.utf8.first != UInt8(ascii: "0") else { return nil }
        return Int(token)
    }
}

extension JSONTapeView {
    func string(_ position: Int) -> String { String(decoding: bytes(self[position]), as: UTF8.self) }

    /// The value of a string; `nil` for any other value.
    func stringValue(_ position: Int) -> String? { self[position].kind == .string ? string(position) : nil }

    func hasName(_ position: Int, _ name: String) -> Bool {
        let bytes = bytes(self[position])
        return bytes.count == name.utf8.count && bytes.elementsEqual(name.utf8)
    }

    /// The value of an object's member; `nil` for a missing one and for anything that is not an object.
    func member(of position: Int, _ name: String) -> Int? {
        guard self[position].kind == .object else { return nil }
        var next = position + 1
        for _ in 0..<self[position].length {
            if hasName(next, name) { return next + 1 }
            next += 1 + self[next + 1].extent
        }
        return nil
    }

    /// Positions of an array's elements; none for anything that is not an array.
    func elements(of position: Int) -> [Int] {
        guard self[position].kind == .array else { return [] }
        var elements: [Int] = []
        elements.reserveCapacity(self[position].length)
        var next = position + 1
        for _ in 0..<self[position].length {
            elements.append(next)
            next += self[next].extent
        }
        return elements
    }

    /// Positions of an object's names, each with its value behind it; none for anything that is not an object.
    func members(of position: Int) -> [Int] {
        guard self[position].kind == .object else { return [] }
        var members: [Int] = []
        members.reserveCapacity(self[position].length)
        var next = position + 1
        for _ in 0..<self[position].length {
            members.append(next)
            next += 1 + self[next + 1].extent
        }
        return members
    }
}
