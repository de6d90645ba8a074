// SPDX-License-Identifier: Apache-2.0

/// What has been asked for at one place.
final class ProbeRecording {
    enum Form: Equatable {
        case unasked
        case keyed
        case unkeyed
        case single(SchemaNode)
    }

    /// A part whose form is known at once, or one that is still being asked about.
    enum Part {
        case node(SchemaNode)
        case recording(ProbeRecording)

        var node: SchemaNode {
            switch self {
            case .node(let node): node
            case .recording(let recording): recording.node
            }
        }
    }

    struct Member {
        let name: String
        let part: Part
        var isRequired: Bool
        var meetsNull: Bool
        let note: PropertyNote?

        var node: SchemaNode {
            let node = meetsNull ? part.node.asNullable : part.node
            return note.map { .noted(node, $0) } ?? node
        }
    }

    private struct Element {
        let part: Part
        let isRequired: Bool
        let meetsNull: Bool
        var node: SchemaNode { meetsNull ? part.node.asNullable : part.node }
    }

    /// Whether this is the place of the whole type, whose members its notes are about.
    let isOfType: Bool
    private(set) var form = Form.unasked
    private(set) var members: [Member] = []
    private var elements: [Element] = []
    /// Members that the type looks for before it asks for them.
    private var looked: [String] = []
    private var nulls: [String] = []
    private(set) var meetsNull = false
    private(set) var isContradictory = false
    /// Where the elements begin that are asked for until there are no more.
    private var loopStart: Int?
    private var loopEnd: Int?
    private var nextMeetsNull = false

    init(isOfType: Bool = false) { self.isOfType = isOfType }

    /// Every member that was asked for or looked for.
    var names: [String] { members.map(\.name) + looked }
    var elementCount: Int { elements.count }

    func become(_ form: Form) {
        // The same thing asked for twice is the same.
        if self.form == .unasked || self.form == form { self.form = form } else { isContradictory = true }
    }

    func look(for name: String) { if !looked.contains(name) { looked.append(name) } }

    func meetNull(_ name: String) {
        look(for: name)
        if !nulls.contains(name) { nulls.append(name) }
    }

    func meetNull() { meetsNull = true }

    func add(_ name: String, _ part: Part, isRequired: Bool, note: PropertyNote?) {
        let isRequired = isRequired && !looked.contains(name)
        let member = Member(
            name: name, part: part, isRequired: isRequired, meetsNull: nulls.contains(name), note: note)
        guard let place = members.firstIndex(where: { $0.name == name }) else {
            members.append(member)
            return
        }
        if members[place].node != member.node { isContradictory = true }
        members[place].isRequired = members[place].isRequired || isRequired
    }

    /// The recording of a member that is asked about as a container.
    func part(_ name: String, note: PropertyNote?) -> ProbeRecording {
        if case .recording(let known) = members.first(where: { $0.name == name })?.part { return known }
        let part = ProbeRecording()
        add(name, .recording(part), isRequired: true, note: note)
        return part
    }

    // MARK: Elements

    func add(_ part: Part, isRequired: Bool = true) {
        elements.append(Element(part: part, isRequired: isRequired, meetsNull: nextMeetsNull))
        nextMeetsNull = false
    }

    func nextElementMeetsNull() { nextMeetsNull = true }

    /// There is one element more at the first question, and then no more.
    var isAtEnd: Bool {
        if loopStart == nil {
            loopStart = elements.count
            return false
        }
        loopEnd = loopEnd ?? elements.count
        return true
    }

    // MARK: What it comes to

    var node: SchemaNode {
        let node = plainNode
        return meetsNull ? node.asNullable : node
    }

    private var plainNode: SchemaNode {
        switch form {
        case .single(let node): node
        // A type without properties asks for nothing, and encodes as an empty object.
        case .unasked, .keyed: .object(properties)
        case .unkeyed: arrayNode
        }
    }

    private var properties: [SchemaNode.Property] {
        var properties = members.map { SchemaNode.Property(name: $0.name, node: $0.node, isRequired: $0.isRequired) }
        for name in looked where !members.contains(where: { $0.name == name }) {
            properties.append(SchemaNode.Property(name: name, node: .any, isRequired: false))
        }
        return properties
    }

    private var arrayNode: SchemaNode {
        let all = elements.map { SchemaNode.Element(node: $0.node, isRequired: $0.isRequired) }
        guard let loopStart else { return .tuple(all, rest: nil) }
        let rest = loopStart < all.count ? all[loopStart].node : nil
        if loopStart == 0 { return .list(rest ?? .any, isSet: false) }
        return .tuple(Array(all.prefix(loopStart)), rest: rest)
    }

    /// Whether the type repeats more than one element, which no schema can say.
    private var repeatsSeveral: Bool {
        guard let loopStart else { return false }
        return (loopEnd ?? elements.count) - loopStart > 1 || elements.count > (loopEnd ?? elements.count)
    }

    private var parts: [ProbeRecording] {
        (members.map(\.part) + elements.map(\.part)).compactMap {
            if case .recording(let part) = $0 { part } else { nil }
        }
    }

    /// Whether some place was asked about in two ways.
    private var isUnclear: Bool { isContradictory || repeatsSeveral || parts.contains { $0.isUnclear } }

    /// Whether everything asked for here is asked for in `first`, the run before, and the other way round unless `null`
    /// or a missing member made it needless.
    func isCovered(by first: ProbeRecording) -> Bool {
        if isUnclear || first.isUnclear { return false }
        if first.meetsNull, form == .unasked { return true }
        guard form == first.form, isOrdered(like: first) else { return false }
        return form == .unkeyed ? arrayNode == first.arrayNode : true
    }

    private func isOrdered(like first: ProbeRecording) -> Bool {
        let known = members.allSatisfy { mine in
            first.members.contains { $0.name == mine.name && ($0.node == mine.node || $0.node == mine.node.asNullable) }
        }
        let needed = first.members.allSatisfy { theirs in
            first.looked.contains(theirs.name) || names.contains(theirs.name)
        }
        return known && needed && looked.allSatisfy { first.looked.contains($0) }
    }
}
