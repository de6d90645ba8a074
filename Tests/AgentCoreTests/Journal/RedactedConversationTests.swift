// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AgentCore

@Suite struct RedactedConversationTests {
    private static func messages(_ count: Int) -> [Message] {
        (0..<count).map { place in
            place.isMultiple(of: 2)
                ? .user("question \(place), longer than fits into a pointer")
                : .assistant("a", toolCalls: [ToolCall(id: "c\(place)", name: "f", arguments: "{\"n\":\(place)}")])
        }
    }

    @Test func conversationsBeginAlikeUpToWhereTheyDiffer() {
        let (all, made) = (Self.messages(6), Self.messages(6))
        // The same messages, and equal ones that were made again.
        for other in [all, made] {
            #expect(all.commonPrefixCount(with: other) == 6)
            #expect(all.commonPrefixCount(with: Array(other[..<4])) == 4)
            #expect(Array(all[..<4]).commonPrefixCount(with: other) == 4)
            #expect(all.commonPrefixCount(with: other[..<3] + [.user("other")] + other[4...]) == 3)
        }
        #expect(all.commonPrefixCount(with: []) == 0)
        #expect([Message]().commonPrefixCount(with: all) == 0)
    }

    @Test func anArgumentThatChangedIsSeen() {
        let all = Self.messages(2)
        var changed = all
        changed[1].toolCalls[0].arguments = "{\"n\":2}"
        #expect(all.commonPrefixCount(with: changed) == 1)
    }

    @Test func aSecretIsTakenOutOfALongerConversation() {
        let secrets = SecretRedactor()
        var conversation = RedactedConversation()
        let first: [Message] = [.user("hello")]
        #expect(conversation.redacted(first, by: secrets) == first)
        secrets.note("s3cret-word-of-mine")
        let next = conversation.redacted(first + [.assistant("it is s3cret-word-of-mine")], by: secrets)
        #expect(next.count == 2)
        #expect(next.last?.text.contains("s3cret-word-of-mine") == false)
        #expect(
            conversation.redacted(first + [.assistant("it is s3cret-word-of-mine"), .user("x")], by: secrets)[..<2]
                == next[...])
    }
}
