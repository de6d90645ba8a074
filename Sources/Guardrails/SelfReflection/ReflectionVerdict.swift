// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// What a chat model said of one text.
struct ReflectionVerdict: Sendable, Equatable {
    /// ``ReflectionCategory/none``, or one of the categories.
    var word: String
    /// How likely each word was, adding up to 1; `nil` where the model does not tell.
    var probabilities: [String: Double]?
    var usage = Usage()

    /// How likely it is that the text belongs to any of the categories.
    var score: Double? { probabilities.map { 1 - ($0[ReflectionCategory.none] ?? 0) } }

    /// The category of a finding; `nil` for none.
    ///
    /// - Parameter threshold: the least score of a finding, where there are scores; else the model's word counts.
    func category(from threshold: Double) -> String? {
        guard let probabilities, let score else { return word == ReflectionCategory.none ? nil : word }
        guard score >= threshold else { return nil }
        let others = probabilities.filter { $0.key != ReflectionCategory.none }
        // Of two that are alike the first by name, so that the answer is always the same.
        return others.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    /// How likely each of `words` was as the value of the last member `key` in the JSON that `tokens` spell.
    ///
    /// - Returns: `nil` when the tokens do not show it.
    static func probabilities(of words: [String], key: String, in tokens: [TokenChoice]) -> [String: Double]? {
        let text = tokens.flatMap { Array($0.text.utf8) }
        guard let start = valueStart(key, in: text) else { return nil }
        var end = 0
        for token in tokens {
            let begin = end
            end += token.text.utf8.count
            guard end > start else { continue }
            // A token may hold the quotation mark and the beginning of the word.
            let before = Array(token.text.utf8.prefix(start - begin))
            return shares(of: words, behind: before, token.alternatives)
        }
        return nil
    }

    /// The place behind the quotation mark that opens the value.
    private static func valueStart(_ key: String, in text: [UInt8]) -> Int? {
        let name = Array("\"\(key)\"".utf8)
        guard text.count > name.count else { return nil }
        let places = (0...(text.count - name.count)).reversed()
        guard let place = places.first(where: { text[$0..<($0 + name.count)].elementsEqual(name) }) else { return nil }
        return text[(place + name.count)...].firstIndex(of: 0x22).map { $0 + 1 }
    }

    private static func shares(
        of words: [String], behind before: [UInt8], _ alternatives: [(text: String, probability: Double)]
    ) -> [String: Double]? {
        var found: [String: Double] = [:]
        for alternative in alternatives {
            let bytes = Array(alternative.text.utf8)
            guard bytes.starts(with: before), bytes.count > before.count else { continue }
            let beginning = bytes.dropFirst(before.count)
            for word in words where Array((word + "\"").utf8).starts(with: beginning) {
                found[word, default: 0] += alternative.probability
            }
        }
        let sum = found.values.reduce(0, +)
        // With next to nothing on any of the words the shares would be noise.
        guard sum >= 0.001 else { return nil }
        return found.mapValues { $0 / sum }
    }
}
