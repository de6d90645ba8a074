// SPDX-License-Identifier: Apache-2.0

import AgentCore
import MistralAPI
import Testing

@Suite struct MessageOrderTests {
    private static func call(_ id: String, _ name: String = "f") -> ToolCall {
        ToolCall(id: id, name: name, arguments: "{}")
    }
    private static func result(_ id: String?, name: String? = nil, _ text: String = "r") -> Message {
        Message(role: .tool, content: [.text(text)], toolCallID: id, name: name)
    }

    @Test(arguments: JudgedConversations.all) func agreesWithTheJudge(_ judged: JudgedConversations.Case) throws {
        let messages = try WireMessage.messages(judged.messages)
        do {
            let repaired = try MessageOrder.repaired(messages)
            #expect(Judge.complaint(about: repaired) == nil, "\(judged.name)")
        } catch {
            #expect(!judged.takenByV7 || !judged.takenByV13, "\(judged.name): \(error)")
        }
    }

    @Test func leavesGoodConversationsAlone() throws {
        let messages: [Message] = [
            .system("s"), .user("a"), .assistant("", toolCalls: [Self.call("D681PevKs"), Self.call("a1B2c3D4e")]),
            Self.result("a1B2c3D4e", name: "f"), Self.result("D681PevKs", name: "f"), .assistant("b"), .user("c"),
        ]
        #expect(try MessageOrder.repaired(messages) == messages)
    }

    @Test(arguments: ["call_abc123", "123e4567-e89b-12d3-a456-426614174000", "x", "D681PevKsX", "été"])
    func makesIDsOfNineCharacters(id: String) throws {
        let messages: [Message] = [.user("a"), .assistant("", toolCalls: [Self.call(id)]), Self.result(id)]
        let repaired = try MessageOrder.repaired(messages)
        #expect(Judge.complaint(about: repaired) == nil)
        #expect(repaired[1].toolCalls[0].id == repaired[2].toolCallID)
        #expect(try MessageOrder.repaired(messages) == repaired)
    }

    @Test func givesDifferentIDsDifferentNames() throws {
        let ids = (0..<1000).map { "call_\($0)" }
        let messages: [Message] =
            [.user("a"), .assistant("", toolCalls: ids.map { Self.call($0) })] + ids.map { Self.result($0) }
        let repaired = try MessageOrder.repaired(messages)
        #expect(Set(repaired[1].toolCalls.map(\.id)).count == ids.count)
        #expect(repaired[1].toolCalls.map(\.id) == repaired.dropFirst(2).compactMap(\.toolCallID))
    }

    @Test func pairsCallsWithoutIDsInOrder() throws {
        let messages: [Message] = [
            .user("a"), .assistant("", toolCalls: [Self.call(""), Self.call("null")]), Self.result(nil, "1"),
            Self.result("", "2"),
        ]
        let repaired = try MessageOrder.repaired(messages)
        #expect(Judge.complaint(about: repaired) == nil)
        #expect(repaired[1].toolCalls.map(\.id) == repaired.dropFirst(2).compactMap(\.toolCallID))
    }

    @Test func tellsCallsOfOneIDApart() throws {
        for id in ["D681PevKs", "call_1"] {
            let messages: [Message] = [
                .user("a"), .assistant("", toolCalls: [Self.call(id), Self.call(id)]), Self.result(id, "1"),
                Self.result(id, "2"),
            ]
            #expect(Judge.complaint(about: try MessageOrder.repaired(messages)) == nil)
        }
    }

    @Test func dropsEmptyAssistants() throws {
        #expect(try MessageOrder.repaired([.user("a"), .assistant(""), .user("b")]) == [.user("a"), .user("b")])
        #expect(try MessageOrder.repaired([.user("a"), .assistant("")]) == [.user("a")])
    }

    @Test func clearsPrefixesThatAreNotLast() throws {
        let prefix = Message(role: .assistant, content: [.text("The")], prefix: true)
        #expect(try MessageOrder.repaired([.user("a"), prefix, .user("b")])[1].prefix == false)
        #expect(try MessageOrder.repaired([.user("a"), prefix])[1].prefix == true)
    }

    @Test func fillsTheGapBetweenResultAndUser() throws {
        let turn: [Message] = [
            .user("a"), .assistant("", toolCalls: [Self.call("D681PevKs")]), Self.result("D681PevKs"),
        ]
        #expect(try MessageOrder.repaired(turn + [.user("b")]) == turn + [.assistant("Done."), .user("b")])
    }

    @Test func repairsNamesThatModelsInvented() throws {
        let messages: [Message] = [
            .user("a"),
            .assistant("", toolCalls: [Self.call("D681PevKs", "get weather!"), Self.call("a1B2c3D4e", "")]),
            Self.result("D681PevKs", name: "get weather!"), Self.result("a1B2c3D4e", name: ""),
        ]
        let repaired = try MessageOrder.repaired(messages)
        #expect(repaired[1].toolCalls.map(\.name) == ["get_weather_", "unnamed"])
        #expect(repaired.dropFirst(2).map(\.name) == ["get_weather_", "unnamed"])
    }

    private static let refused: [([Message], String)] = [
        ([], "at least one message"), ([.assistant("x")], "messages[0]"),
        ([.user("a"), result("D681PevKs")], "messages[1]"),
        ([.user("a"), .assistant("b")], "messages[1]"), ([.user("a"), .assistant("b"), .system("c")], "messages[2]"),
        ([.user("a"), .assistant("", toolCalls: [call("D681PevKs")])], "messages[1]: the conversation ends before"),
        ([.user("a"), .assistant("", toolCalls: [call("D681PevKs")]), .user("b")], "messages[2]: expected the result"),
        (
            [.user("a"), .assistant("", toolCalls: [call("D681PevKs")]), result("D681PevKs"), result("D681PevKs")],
            "messages[3]"
        ), ([.user("a"), .assistant("", toolCalls: [call("D681PevKs")]), result("other")], "messages[2]"),
        (
            [.user("a"), .assistant("", toolCalls: [call("a1B2c3D4e"), call("D681PevKs")]), result(nil)], "messages[2]"
        ),
    ]

    @Test(arguments: 0..<10) func refusesWhatHasNoOneMeaning(index: Int) throws {
        let (messages, words) = Self.refused[index]
        let error = #expect(throws: ModelError.self) { try MessageOrder.repaired(messages) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test func whatItTakesTheJudgeTakes() {
        var random = SeededRandom(seed: 11)
        let ids = ["D681PevKs", "call_1", "", "null", "a1B2c3D4e"]
        var taken = 0
        for _ in 0..<5000 {
            let messages = (0..<Int.random(in: 0...6, using: &random)).map { _ -> Message in
                let id = ids.randomElement(using: &random) ?? ""
                switch Int.random(in: 0...6, using: &random) {
                case 0: return .system("s")
                case 1: return .user("u")
                case 2: return .assistant("a")
                case 3: return .assistant("")
                case 4: return Message(role: .assistant, content: [.text("p")], prefix: true)
                case 5: return .assistant("", toolCalls: [Self.call(id)])
                default: return Self.result(id)
                }
            }
            guard let repaired = try? MessageOrder.repaired(messages) else { continue }
            taken += 1
            #expect(Judge.complaint(about: repaired) == nil, "\(messages)")
        }
        #expect(taken > 500)
    }
}
