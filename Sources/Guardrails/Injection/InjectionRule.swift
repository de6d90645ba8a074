// SPDX-License-Identifier: Apache-2.0

/// Words of some groups behind each other in one sentence, and what that weighs.
struct InjectionRule: Sendable {
    struct Step: Sendable {
        var groups: InjectionWords
        /// Other words that may stand between it and the step before.
        var gap: Int
    }

    let signal: PromptInjectionGuardrail.Signal
    /// 0…1: the score of a text with nothing else in it.
    let weight: Double
    let steps: [Step]
    /// Whether the last word must stand before a colon.
    let endsInColon: Bool

    init(
        _ signal: PromptInjectionGuardrail.Signal, _ weight: Double, _ first: InjectionWords,
        _ rest: (InjectionWords, Int)...,
        endsInColon: Bool = false
    ) {
        self.signal = signal
        self.weight = weight
        steps = [Step(groups: first, gap: 0)] + rest.map { Step(groups: $0.0, gap: $0.1) }
        self.endsInColon = endsInColon
    }

    /// The index of the last word, when the rule holds from the word at `start` on.
    func end(in words: [FoldedText.Word], from start: Int, _ groups: (FoldedText.Word) -> InjectionWords) -> Int? {
        var place = start
        for step in steps.dropFirst() {
            let last = min(words.count - 1, place + 1 + step.gap)
            guard place < last || place + 1 == last else { return nil }
            var next = place + 1
            while next <= last, groups(words[next]).isDisjoint(with: step.groups) { next += 1 }
            guard next <= last, words[next].sentence == words[start].sentence else { return nil }
            place = next
        }
        return endsInColon && !words[place].isBeforeColon ? nil : place
    }

    static let all: [InjectionRule] = [
        InjectionRule(.override, 0.75, .ignore, (.prior, 3), (.instructions, 3)),
        InjectionRule(.override, 0.75, .ignore, (.instructions, 3), (.prior, 3)),
        InjectionRule(.override, 0.7, .ignore, (.own, 2), (.instructions, 2)),
        InjectionRule(.override, 0.6, .ignore, (.everything, 1), (.you, 1), (.told, 4)),
        InjectionRule(.override, 0.4, .ignore, (.this, 0), (.instructions, 1)),
        InjectionRule(.override, 0.35, .ignore, (.user, 2)),
        InjectionRule(.override, 0.6, .overrule, (.own, 2), (.instructions, 3)),
        InjectionRule(.override, 0.6, .not, (.follow, 1), (.prior, 3), (.instructions, 2)),
        InjectionRule(.override, 0.6, .not, (.follow, 1), (.own, 2), (.instructions, 2)),
        InjectionRule(
            .override, 0.6, .stop, (.follow, 1), ([.system, .own, .prior], 2), ([.prompt, .instructions], 2)),
        InjectionRule(.override, 0.5, .new, (.instructions, 1), endsInColon: true),
        InjectionRule(.override, 0.5, .instructions, (.prior, 3), (.void, 3)),
        InjectionRule(.role, 0.7, .you, (.are, 0), (.now, 0), (.persona, 4)),
        InjectionRule(.role, 0.7, .are, (.you, 0), (.now, 0), (.persona, 4)),
        InjectionRule(.role, 0.65, .now, (.you, 2), (.are, 1), (.persona, 4)),
        InjectionRule(.role, 0.65, .now, (.are, 0), (.persona, 3)),
        InjectionRule(.role, 0.6, .pretend, (.without, 10), (.restrictions, 3)),
        InjectionRule(.role, 0.6, .developer, (.mode, 0), (.without, 6), (.restrictions, 3)),
        InjectionRule(.systemPrompt, 0.65, .reveal, (.own, 5), (.system, 2), (.prompt, 2)),
        InjectionRule(.systemPrompt, 0.65, .reveal, (.own, 3), (.prompt, 2), (.system, 2)),
        InjectionRule(.systemPrompt, 0.65, .reveal, (.own, 2), (.systemPrompt, 2)),
        InjectionRule(.systemPrompt, 0.4, .reveal, (.system, 2), (.prompt, 0)),
        InjectionRule(.concealment, 0.5, .asks, (.not, 0), (.tell, 1), (.user, 3)),
        InjectionRule(.concealment, 0.5, .forbids, (.tell, 3), (.user, 3)),
        InjectionRule(.concealment, 0.5, .tell, (.user, 2), ([.nothing, .not], 2)),
        InjectionRule(.concealment, 0.35, .without, (.tell, 1), (.user, 3)),
        InjectionRule(.concealment, 0.5, .without, (.tell, 1), (.user, 3), (.act, 0)),
        InjectionRule(.concealment, 0.3, .not, (.tell, 1), (.this, 1)),
        InjectionRule(.addressed, 0.55, .notice, (.machine, 3), (.you, 10), (.must, 1)),
        InjectionRule(.addressed, 0.55, .condition, (.you, 0), (.are, 0), (.machine, 4), (.act, 8)),
        InjectionRule(.addressed, 0.4, .assistant, (.must, 1), (.act, 2)),
        InjectionRule(.addressed, 0.35, .you, (.must, 1), (.act, 2), (.tool, 3)),
        InjectionRule(.addressed, 0.2, .you, (.must, 1)),
        InjectionRule(.exfiltration, 0.6, .send, (.whole, 3), (.sensitive, 5), (.address, 8)),
        InjectionRule(.exfiltration, 0.35, .send, (.sensitive, 4), (.address, 8)),
    ]
}
