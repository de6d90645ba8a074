// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore

/// A file of prices that cannot be used, and where in it the fault is.
public struct PriceFileError: Error, Sendable, CustomStringConvertible {
    public let description: String
}

extension PriceTable {
    /// Reads a user's prices, in the form of `Resources/prices.json`.
    ///
    /// - Parameter file: the file's name, for errors.
    /// - Throws: ``PriceFileError`` with the file and the line and column, or the JSON Pointer, of each fault.
    public init(parsing bytes: [UInt8], file: String) throws(PriceFileError) {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw PriceFileError(description: "\(file):\(error.line ?? 1):\(error.column ?? 1): \(error.message)")
        }
        let faults = Self.schema?.validate(document) ?? []
        guard faults.isEmpty else {
            throw PriceFileError(description: faults.map { "\(file): \($0)" }.joined(separator: "\n"))
        }
        do {
            self.init(try Self.prices(document))
        } catch {
            throw PriceFileError(description: "\(file): \(error.description)")
        }
        self.file = file
    }

    private static let schema: JSONSchema? = (try? JSONValue(parsing: PackageResources.prices_schema_json))
        .flatMap { try? JSONSchema($0, options: .assertingFormats) }

    /// - Throws: ``PriceFileError`` with the JSON Pointer of a rate that is no exact amount.
    static func prices(_ document: JSONValue) throws(PriceFileError) -> [ModelPrice] {
        var prices: [ModelPrice] = []
        for (index, entry) in (document["prices"]?.arrayValue ?? []).enumerated() {
            let place = JSONPointer(tokens: ["prices", String(index)])
            prices.append(try price(entry, at: place))
        }
        return prices
    }

    private static func price(_ entry: JSONValue, at place: JSONPointer) throws(PriceFileError) -> ModelPrice {
        var price = ModelPrice(
            names: (entry["models"]?.arrayValue ?? []).compactMap(\.stringValue),
            date: entry["date"]?.stringValue ?? "", source: entry["source"]?.stringValue ?? "")
        price.input = try rate(entry, "input", place)
        price.cachedInput = try rate(entry, "cached_input", place)
        price.output = try rate(entry, "output", place)
        price.pages = try rate(entry, "pages", place)
        price.annotatedPages = try rate(entry, "annotated_pages", place)
        price.audioMinute = try rate(entry, "audio_minute", place)
        price.contextLength = entry["context_length"]?.integerValue.map { Int($0) }
        return price
    }

    private static func rate(
        _ entry: JSONValue, _ name: String, _ place: JSONPointer
    ) throws(PriceFileError) -> Dollars? {
        guard let value = entry[name] else { return nil }
        let text = (try? value.serialized()) ?? ""
        guard let rate = Dollars(decimal: text), rate.picodollars % 1_000_000 == 0 else {
            throw PriceFileError(
                description:
                    "\(place.appending(name)): expected dollars with at most 6 places after the point, found \(text)")
        }
        return rate
    }
}
