// SPDX-License-Identifier: Apache-2.0

/// How much a text looks like an attempt to direct the model.
///
/// Of each signal the weightiest sign counts; signals near each other add up as chances that are independent do. In texts about
/// attacks a sign between quotes counts for less. Time is proportional to the text.
struct InjectionScore {
    typealias Signal = PromptInjectionGuardrail.Signal

    /// Signs this near to each other, in bytes, may belong together: in a long text of harmless words there is a weak one of each kind.
    private static let nearBytes = 1024

    /// The weightiest sign of each signal where they weigh most together, 0…1.
    private(set) var weights: [Signal: Double] = [:]
    /// The same for each stretch of the text, and for all of it.
    private var stretches: [Int: [Signal: Double]] = [:]
    private var everywhere: [Signal: Double] = [:]

    var total: Double { Self.total(weights) }

    var strongest: Signal? { signals.first }

    /// Strongest first; equal ones in the order of their declaration.
    var signals: [Signal] {
        Signal.allCases.filter { weights[$0] != nil }
            .enumerated().sorted { (weights[$0.element] ?? 0, -$0.offset) > (weights[$1.element] ?? 0, -$1.offset) }
            .map(\.element)
    }

    init(of text: String) {
        var text = text
        text.withUTF8 { read(TextView($0), isDecoded: false) }
    }

    private init(decoded bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { read(TextView($0), isDecoded: true) }
    }

    private static func total(_ weights: [Signal: Double]) -> Double { 1 - weights.values.reduce(1) { $0 * (1 - $1) } }

    private mutating func add(_ signal: Signal, _ weight: Double, at index: Int) {
        guard weight > 0 else { return }
        let stretch = index / Self.nearBytes
        stretches[stretch, default: [:]][signal] = max(stretches[stretch]?[signal] ?? 0, weight)
    }

    /// A sign without a place.
    private mutating func add(_ signal: Signal, _ weight: Double) {
        guard weight > 0 else { return }
        everywhere[signal] = max(everywhere[signal] ?? 0, weight)
    }

    /// Two stretches next to each other count together, so that none is cut where signs are.
    private mutating func weigh() {
        weights = everywhere
        for (stretch, signs) in stretches {
            let near = signs.merging(stretches[stretch + 1] ?? [:], uniquingKeysWith: max)
            let all = near.merging(everywhere, uniquingKeysWith: max)
            if Self.total(all) > total { weights = all }
        }
    }

    private mutating func read(_ text: TextView, isDecoded: Bool) {
        let folded = FoldedText(text)
        let context = InjectionContext(text, folded.words)
        readPhrases(folded.words, context)
        readMarkers(text, context)
        readHidden(folded)
        for image in MarkupScan.images(in: text) where MarkupScan.carriesData(text, image) {
            add(.exfiltration, 0.55, at: image.lowerBound)
        }
        defer { weigh() }
        if isDecoded { return }
        for blob in EncodedText.blobs(in: text) where InjectionScore(decoded: blob).total >= 0.4 { add(.encoded, 0.8) }
    }

    // MARK: - Phrases

    private mutating func readPhrases(_ words: [FoldedText.Word], _ context: InjectionContext) {
        for (start, word) in words.enumerated() {
            if !word.groups.isEmpty { readRules(words, start, context) }
            if !word.rotated.isEmpty, readsRotated(words, start) { add(.encoded, 0.75, at: word.range.lowerBound) }
        }
    }

    private mutating func readRules(_ words: [FoldedText.Word], _ start: Int, _ context: InjectionContext) {
        for rule in InjectionRule.all where !rule.steps[0].groups.isDisjoint(with: words[start].groups) {
            guard let end = rule.end(in: words, from: start, \.groups), !Self.isNegated(rule, words, start) else {
                continue
            }
            let range = words[start].range.lowerBound..<words[end].range.upperBound
            add(rule.signal, rule.weight * context.factor(for: range), at: range.lowerBound)
            if context.isHidden(range.lowerBound) { add(.hiddenText, 0.4, at: range.lowerBound) }
        }
    }

    private func readsRotated(_ words: [FoldedText.Word], _ start: Int) -> Bool {
        InjectionRule.all.contains { rule in
            rule.weight >= 0.6 && !rule.steps[0].groups.isDisjoint(with: words[start].rotated)
                && rule.end(in: words, from: start, \.rotated) != nil
        }
    }

    /// "Never ignore the instructions above", "vergiss nicht, die Regeln zu lesen".
    private static func isNegated(_ rule: InjectionRule, _ words: [FoldedText.Word], _ start: Int) -> Bool {
        guard rule.steps[0].groups == .ignore else { return false }
        let isNegative = { (index: Int) in
            words.indices.contains(index) && words[index].sentence == words[start].sentence
                && words[index].groups.contains(.not)
        }
        return isNegative(start - 1) || isNegative(start + 1)
    }

    // MARK: - Other signs

    private mutating func readMarkers(_ text: TextView, _ context: InjectionContext) {
        var missed = 1.0
        // Lines that begin with a speaker are in many texts, so of those one counts.
        var weak = 0.0
        for (weight, place) in ChatMarkers.found(in: text) {
            let weight = weight * context.factor(forMarkerAt: place)
            if weight < 0.3 { weak = max(weak, weight) } else { missed *= 1 - weight }
        }
        add(.markers, 1 - missed * (1 - weak))
    }

    private mutating func readHidden(_ folded: FoldedText) {
        if folded.tags.count >= 4 {
            add(.hiddenText, 0.6)
            for (signal, weight) in InjectionScore(decoded: folded.tags).weights { add(signal, weight) }
        }
        if folded.longestInvisible >= 8 { add(.hiddenText, 0.55) }
        if folded.invisibleInWords >= 3 { add(.hiddenText, 0.3) }
        if folded.hasOverride { add(.hiddenText, 0.3) }
    }
}
