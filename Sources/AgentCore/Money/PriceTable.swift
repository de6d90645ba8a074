// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// What models cost: a table that is built in, and the prices of a user before it.
public struct PriceTable: Sendable {
    /// The tables that are asked, first to last.
    private var layers: [[ModelPrice]]
    /// The file where a user can put prices of their own; errors name it.
    public var file: String?

    public init(_ prices: [ModelPrice] = []) { layers = [prices] }

    /// The prices this version was made with, from `Resources/prices.json`: each has its date and its source.
    public static let builtIn: PriceTable = {
        // A test reads it. If it could not be read, no model would have a price, and a limit of money would let none run.
        let document = try? JSONValue(parsing: PackageResources.prices_json)
        return PriceTable((try? document.map(Self.prices)) ?? [])
    }()

    /// All prices, those that are asked first in front.
    public var prices: [ModelPrice] { layers.flatMap(\.self) }

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
            if let exact = layer.first(where: { $0.names.contains(name) }) { return exact }
            let matches = layer.compactMap { price in Self.longestMatch(price, name).map { (price, $0) } }
            if let best = matches.max(by: { $0.1 < $1.1 }) { return best.0 }
        }
        return nil
    }

    private static func longestMatch(_ price: ModelPrice, _ name: String) -> Int? {
        price.names.compactMap { pattern in
            let bytes = pattern.utf8
            return bytes.last == UInt8(ascii: "*") && name.utf8.starts(with: bytes.dropLast()) ? bytes.count : nil
        }.max()
    }

    /// Why a limit of money cannot hold for `name`, and what to do.
    func missing(_ name: String, _ what: String = "price") -> ModelError {
        let place = file.map { "put one in \($0)" } ?? "give the ledger a table with one"
        return ModelError(
            .configuration,
            "the limit of money (usd) needs the \(what) of the model \"\(name)\", which is not known; \(place)")
    }
}
