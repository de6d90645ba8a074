// SPDX-License-Identifier: Apache-2.0

package import AgentCore

/// Tells a run from its records.
package struct RunStory {
    private var turn = 0

    /// - Returns: the entries of the run in the order in which they began.
    package static func entries(of run: RecordedRun) -> [RunEntry] {
        var story = RunStory()
        return story.entries(of: run.tree, after: [])
    }

    /// - Parameter before: messages that have been told.
    private mutating func entries(of nodes: [RunNode], after before: [Message]) -> [RunEntry] {
        var line = Line(nodes, told: before)
        for (place, node) in nodes.enumerated() where !line.taken.contains(place) {
            switch node.record.kind {
            case .model: tell(model: node, at: place, &line)
            case .tool: line.entries.append(call(nil, node, line.results))
            case .group:
                let news = line.news(of: node.record.messages)
                line.entries.append(
                    RunEntry(
                        .group, node.record,
                        children: news + entries(of: node.children, after: node.record.messages)))
            default: line.entries.append(RunEntry(.step, node.record, children: entries(of: node.children, after: [])))
            }
        }
        return line.entries
    }

    private mutating func tell(model node: RunNode, at place: Int, _ line: inout Line) {
        turn += 1
        line.entries += line.news(of: node.record.messages)
        let answer = node.record.answer
        line.entries.append(
            RunEntry(.answer(answer, turn: turn), node.record, children: entries(of: node.children, after: [])))
        guard let answer else { return }
        line.told.append(answer)
        for asked in answer.toolCalls {
            let node = line.takeTool(for: asked, after: place)
            line.entries.append(call(asked, node, line.results))
        }
    }

    private mutating func call(_ asked: ToolCall?, _ node: RunNode?, _ results: [String: Message]) -> RunEntry {
        let record = node?.record
        let told = (asked?.id ?? record?.callID).flatMap { results[$0] }
        let failure = record?.failure
        return RunEntry(
            .call(
                name: asked?.name ?? record?.name ?? "", arguments: asked?.arguments ?? record?.argumentsText ?? "",
                result: told?.text ?? failure ?? record?.resultText,
                isError: told?.isError == true || failure != nil),
            record, children: entries(of: node?.children ?? [], after: []))
    }
}

/// What is known while the records of one line of execution are told.
private struct Line {
    let nodes: [RunNode]
    /// Of what a model was sent and answered, without the system message.
    var told: [Message]
    var system: Message?
    /// Nodes that stand with the call that asked for them.
    var taken: Set<Int> = []
    /// What models were told of their calls.
    let results: [String: Message]
    var entries: [RunEntry] = []

    init(_ nodes: [RunNode], told: [Message]) {
        self.nodes = nodes
        self.told = told.filter { $0.role != .system }
        system = told.last { $0.role == .system }
        let answers = nodes.flatMap(\.record.messages).filter { $0.role == .tool }
        results = Dictionary(
            answers.compactMap { message in message.toolCallID.map { ($0, message) } }, uniquingKeysWith: { $1 })
    }

    /// The messages that have not been told. What answers a call stands there.
    mutating func news(of messages: [Message]) -> [RunEntry] {
        let others = messages.filter { $0.role != .system }
        var news: [Message] = []
        if let now = messages.last(where: { $0.role == .system }), now != system {
            system = now
            news.append(now)
        }
        let same = zip(told, others).prefix { $0 == $1 }.count
        let asked = Set((told + others).flatMap(\.toolCalls).map(\.id))
        news += others[same...].filter { message in
            message.role != .tool || !(message.toolCallID.map(asked.contains) ?? false)
        }
        told = others
        return news.map { RunEntry(.message($0)) }
    }

    mutating func takeTool(for call: ToolCall, after place: Int) -> RunNode? {
        let rest = nodes.indices.dropFirst(place + 1).filter { nodes[$0].record.kind == .tool && !taken.contains($0) }
        // Models that were asked again ask for tools of their own.
        let limit = nodes.indices.dropFirst(place + 1).first { nodes[$0].record.kind == .model } ?? nodes.endIndex
        let found =
            rest.first { nodes[$0].record.callID == call.id && !call.id.isEmpty }
            ?? rest.first { $0 < limit && nodes[$0].record.callID == nil && nodes[$0].record.name == call.name }
        guard let found else { return nil }
        taken.insert(found)
        return nodes[found]
    }
}
