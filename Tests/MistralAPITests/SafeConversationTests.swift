// SPDX-License-Identifier: Apache-2.0

import AgentCore
import FakeModelServer
import JSONCore
import MistralAPI
import Testing

@Suite(.timeLimit(.minutes(10))) struct SafeConversationTests {
    private static let prompt =
        "Always assist with care, respect, and truth. Respond with utmost utility yet securely. Avoid harmful, unethical, "
        + "prejudiced, or negative content. Ensure replies promote fairness and positivity."

    /// Conversations have no field for it, but instructions.
    @Test(arguments: [nil, "Be brief.", prompt, prompt + "\n\nBe brief."]) func thePromptStandsBeforeTheInstructions(
        instructions: String?
    ) async throws {
        try await withClient { _ in
            .json(["conversation_id": "c", "outputs": []])
        } _: { client, server in
            let request = ConversationRequest("hi", model: "m", instructions: instructions, safePrompt: true)
            _ = try await MistralConversations(client: client).start(request)
            let isBrief = instructions?.hasSuffix("Be brief.") == true
            let sent = try server.requests[0].json
            #expect(sent["instructions"] == .string(Self.prompt + (isBrief ? "\n\nBe brief." : "")))
            #expect(sent["safe_prompt"] == nil)
        }
    }

    @Test func anAgentsInstructionsAreItsOwn() async throws {
        try await withClient { _ in
            .json([:])
        } _: { client, server in
            let request = ConversationRequest("hi", agentID: "a", safePrompt: true)
            let error = await #expect(throws: ModelError.self) {
                _ = try await MistralConversations(client: client).start(request)
            }
            #expect(error?.code == .invalidRequest && error?.message.hasPrefix("safe_prompt: ") == true)
            #expect(server.requests.isEmpty)
        }
    }
}
