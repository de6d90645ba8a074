// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// What models cost: a table that is built in, and the prices of a user before it.
public struct PriceTable: Sendable {
    /// The tables that are asked, first to last.
    private var layers: [Layer]
    /// The file where a user can put prices of their own; errors name it.
    public var file: String?

    public init(_ prices: [ModelPrice] = []) { layers = [Layer(prices)] }

    /// The prices this version was made with, from `Resources/prices.json`: each has its date and its source.
    public static let builtIn: PriceTable = {
        // A test reads it. If it could not be read, no model would have a price, and a limit of money would let none run.
        let document = try? JSONValue(parsing: PackageResources.prices_json)
        return PriceTable((try? document.map(Self.prices)) ?? [])
    }()

    /// All prices, those that are asked first in front.
    public var prices: [ModelPrice] { layers.flatMap(\.prices) }

    /// This table with `own` asked before it.
    public func overlaid(by own: PriceTable) -> PriceTable {
        var table = self
        table.layers = own.layers + layers
        table.file = own.file ?? file
        return table
    }

    /// The price of the model `name`. In a table a full name counts before one with `*`, and of those the longest.
    public subscript(name: String) -> ModelPrice? {
        for layer in layers {
            if let place = layer.place(of: name) { return layer.prices[place] }
        }
        return nil
    }

    /// Why a limit of money cannot hold for `name`, and what to do.
    func missing(_ name: String, _ what: String = "price") -> ModelError {
        let place = file.map { "put one in \($0)" } ?? "give the ledger a table with one"
        return ModelError(
            .configuration,
            "the limit of money (usd) needs the \(what) of the model \"\(name)\", which is not known; \(place)")
    }
}

/// One table, with its names in reach: each call of a model is asked for its price.
private struct Layer {
    let prices: [ModelPrice]
    /// Where each name is first.
    private var names: [String: Int] = [:]
    /// What names begin with that end in `*`, the longest first.
    private var beginnings: [(text: Substring.UTF8View, place: Int)] = []

    init(_ prices: [ModelPrice]) {
        self.prices = prices
        for (place, price) in prices.enumerated() {
            for name in price.names {
                if names[name] == nil { names[name] = place }
                if name.utf8.last == UInt8(ascii: "*") { beginnings.append((name.utf8.dropLast(), place)) }
            }
        }
        beginnings.sort { ($1.text.count, $0.place) < ($0.text.count, $1.place) }
    }

    func place(of name: String) -> Int? {
        names[name] ?? beginnings.first { name.utf8.starts(with: $0.text) }?.place
    }
}
