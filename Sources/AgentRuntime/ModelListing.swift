// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import JSONCore
public import LocalModels

/// Models with what they take and what they cost, for `agent models`.
///
/// What a provider's card says counts; where it says nothing, the price table does. Models of this machine come last, and need
/// no card.
public struct ModelListing: Sendable {
    /// One model.
    public struct Row: Sendable, Equatable {
        public var id: String
        public var aliases: [String] = []
        /// Tokens that prompt and answer may have together.
        public var contextLength: Int?
        /// What the model is for, by the card's names: `completion_chat`, `vision`, `ocr`, …
        public var capabilities: [String] = []
        public var price: ModelPrice?
        /// When the provider stops it, and what it says to use instead.
        public var deprecation: String?
        public var replacement: String?
        /// Of a model of this machine: what it is, and whether it is here or how to get it.
        public var note: String?
        public var isPresent = true

        init(id: String) { self.id = id }
    }

    public let rows: [Row]

    /// - Parameter cards: as ``Platform/models()`` gives them; what is no card is left out.
    public init(cards: [JSONValue] = [], prices: PriceTable = .builtIn, local: LocalInventory? = nil) {
        let contexts = (try? ModelManifest())?.models.map { ($0.name, $0.context) } ?? []
        rows =
            cards.compactMap { Self.row(card: $0, prices) }
            + (local?.weights ?? []).map { item in
                Self.row(local: item, prices, context: contexts.first { $0.0 == item.name }?.1)
            }
    }

    private static func row(card: JSONValue, _ prices: PriceTable) -> Row? {
        guard let id = card["id"]?.stringValue else { return nil }
        var row = Row(id: id)
        row.aliases = (card["aliases"]?.arrayValue ?? []).compactMap(\.stringValue)
        row.price = ([id] + row.aliases).lazy.compactMap { prices[$0] }.first
        row.contextLength =
            card["max_context_length"]?.integerValue.flatMap { $0 > 0 ? Int($0) : nil } ?? row.price?.contextLength
        row.capabilities = (card["capabilities"]?.objectValue ?? [:]).members.filter { $0.value == true }.map(\.key)
        row.deprecation = card["deprecation"]?.stringValue
        row.replacement = card["deprecation_replacement_model"]?.stringValue
        return row
    }

    private static func row(local item: LocalInventory.Item, _ prices: PriceTable, context: Int?) -> Row {
        var row = Row(id: item.name == "AGENT_LOCAL_MODEL" ? "local" : "local:\(item.name)")
        row.contextLength = context
        row.price = prices[row.id]
        row.note = item.note
        row.isPresent = item.isPresent
        return row
    }

    // MARK: - Shown

    /// A line for each model, and the sources of the prices below.
    public var text: String {
        let width = rows.map(\.id.count).max() ?? 0
        var sources: [String] = []
        var lines: [String] = []
        for row in rows {
            let context = row.contextLength.map { "\($0)" } ?? "-"
            var line = Self.padded(row.id, width) + "  " + Self.padded(context, 8) + "  "
            line += row.price.map { Self.shown($0, &sources) } ?? "price not known"
            lines.append(line)
            if let deprecation = row.deprecation {
                lines.append("  deprecated \(deprecation)" + (row.replacement.map { "; use \($0)" } ?? ""))
            }
            if let note = row.note { lines.append("  " + (row.isPresent ? "" : "not here: ") + note) }
        }
        guard !rows.isEmpty else { return "" }
        lines.insert(Self.padded("model", width) + "  context   US dollars", at: 0)
        lines += sources.enumerated().map { "[\($0 + 1)] \($1)" }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func shown(_ price: ModelPrice, _ sources: inout [String]) -> String {
        if rates(price).allSatisfy({ $0.rate == .zero }) { return "free" }
        let source = "\(price.date), \(price.source)"
        if !sources.contains(source) { sources.append(source) }
        let number = (sources.firstIndex(of: source) ?? 0) + 1
        return rates(price).filter { $0.rate > .zero }.map { "\($0.rate.decimal) \($0.label)" }.joined(separator: ", ")
            + " [\(number)]"
    }

    private static func rates(_ price: ModelPrice) -> [(label: String, name: String, rate: Dollars)] {
        [
            ("in", "input", price.input), ("cached", "cached_input", price.cachedInput),
            ("out/M tokens", "output", price.output),
            ("/1000 pages", "pages", price.pages), ("/1000 annotated pages", "annotated_pages", price.annotatedPages),
            ("/min of sound", "audio_minute", price.audioMinute),
        ].compactMap { label, name, rate in rate.map { (label, name, $0) } }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// The rows as a list of objects; what is not known is `null`.
    public var json: JSONValue { .array(rows.map(Self.json)) }

    private static func json(_ row: Row) -> JSONValue {
        var fields: JSONObject = [
            "id": .string(row.id), "aliases": .array(row.aliases.map { .string($0) }),
            "context_length": row.contextLength.map { .integer(Int64($0)) } ?? .null,
            "capabilities": .array(row.capabilities.map { .string($0) }), "price": row.price.map(json) ?? .null,
            "deprecation": text(row.deprecation), "deprecation_replacement_model": text(row.replacement),
        ]
        if let note = row.note { fields["local"] = ["note": .string(note), "present": .bool(row.isPresent)] }
        return .object(fields)
    }

    private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    private static func json(_ price: ModelPrice) -> JSONValue {
        var fields = JSONObject(rates(price).map { ($0.name, JSONValue.number($0.rate.doubleValue)) })
        fields["date"] = .string(price.date)
        fields["source"] = .string(price.source)
        return .object(fields)
    }
}
