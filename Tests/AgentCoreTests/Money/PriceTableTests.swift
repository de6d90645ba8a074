// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import Testing

@testable import AgentCore

@Suite struct PriceTableTests {
    private func table(_ text: String) throws -> PriceTable {
        try PriceTable(parsing: Array(text.utf8), file: "p.json")
    }

    private func entry(_ names: String, input: String) -> String {
        #"{"models":[\#(names)],"input":\#(input),"output":1,"date":"2026-11","source":"me"}"#
    }

    @Test func theBuiltInTableIsValidAndNamesNoModelTwice() throws {
        let document = try JSONValue(parsing: PackageResources.prices_json)
        let schema = try JSONSchema(
            try JSONValue(parsing: PackageResources.prices_schema_json), options: .assertingFormats)
        #expect(schema.validate(document) == [])
        let names = PriceTable.builtIn.prices.flatMap(\.names)
        #expect(names.count == Set(names).count)
        #expect(names.count > 40)
        #expect(PriceTable.builtIn.prices.allSatisfy { !$0.source.isEmpty && $0.date >= "2026-01" })
    }

    @Test(arguments: [
        ("mistral-small-latest", "0.15", "0.6"), ("mistral-small-2603", "0.15", "0.6"),
        ("mistral-large-latest", "0.5", "1.5"),
        ("mistral-medium-latest", "1.5", "7.5"), ("codestral-latest", "0.3", "0.9"), ("local", "0", "0"),
        ("local:any", "0", "0"),
    ]) func knowsTheDocumentedPrices(model: String, input: String, output: String) {
        let price = PriceTable.builtIn[model]
        #expect(price?.input?.decimal == input)
        #expect(price?.output?.decimal == output)
    }

    @Test(arguments: ["", "gpt-4o", "openai:mistral-small-latest", "mistral:local", "mistral-small", "localhost"])
    func doesNotGuess(model: String) {
        #expect(PriceTable.builtIn[model] == nil)
    }

    @Test func pricesOfTheUserCountFirst() throws {
        let own = try table(
            #"{"prices":[\#(entry(#""mistral-*""#, input: "9")),\#(entry(#""mistral-small-*""#, input: "8")),"#
                + #"\#(entry(#""mistral-small-2603""#, input: "7"))]}"#)
        let all = PriceTable.builtIn.overlaid(by: own)
        #expect(all["mistral-small-2603"]?.input?.decimal == "7")
        #expect(all["mistral-small-latest"]?.input?.decimal == "8", "the longest pattern of the user's table")
        #expect(all["mistral-large-latest"]?.input?.decimal == "9")
        #expect(all["codestral-latest"]?.input?.decimal == "0.3")
        #expect(all.file == "p.json")
    }

    @Test(arguments: [
        ("{", "p.json:1:2"), ("[]", "p.json"), (#"{"prices":[{}]}"#, "/prices/0"),
        (#"{"prices":[{"models":[],"date":"2026-11","source":"x"}]}"#, "/prices/0/models"),
        (#"{"prices":[{"models":["a"],"date":"today","source":"x"}]}"#, "/prices/0/date"),
        (#"{"prices":[{"models":["a"],"date":"2026-11","source":"x","input":-1}]}"#, "/prices/0/input"),
        (#"{"prices":[{"models":["a"],"date":"2026-11","source":"x","input":"1"}]}"#, "/prices/0/input"),
        (#"{"prices":[{"models":["a"],"date":"2026-11","source":"x","inptu":1}]}"#, "inptu"),
        (#"{"prices":[{"models":["a"],"date":"2026-11","source":"x","output":0.0000001}]}"#, "/prices/0/output"),
    ]) func saysWhereAFileIsWrong(text: String, place: String) {
        do {
            _ = try table(text)
            Issue.record("\(text) was taken")
        } catch {
            #expect("\(error)".hasPrefix("p.json"))
            #expect("\(error)".contains(place), "\(error)")
        }
    }

    @Test func cachedTokensCostLessAndUnknownRatesAreNotFree() {
        var price = ModelPrice(names: ["m"], date: "2026-11", source: "test")
        price.input = Dollars(decimal: "2")
        price.output = Dollars(decimal: "6")
        let usage = Usage(promptTokens: 1000, completionTokens: 500, cachedTokens: 400)
        #expect(
            price.cost(of: usage)?.decimal == "0.005", "without a rate of their own, cached tokens cost the full price")
        price.cachedInput = Dollars(decimal: "0.2")
        #expect(price.cost(of: usage)?.decimal == "0.00428")
        #expect(price.cost(of: Usage(pages: 1)) == nil)
        #expect(price.cost(of: Usage(audioSeconds: 1)) == nil)
        #expect(price.cost(of: Usage()) == .zero)
    }

    @Test func pagesAndSoundHaveTheirOwnRates() {
        let ocr = PriceTable.builtIn["mistral-ocr-latest"]
        #expect(ocr?.cost(of: Usage(pages: 3))?.decimal == "0.012")
        #expect(ocr?.cost(of: Usage(pages: 3, annotatedPages: 3))?.decimal == "0.015")
        let voxtral = PriceTable.builtIn["voxtral-mini-latest"]
        #expect(
            voxtral?.cost(of: Usage(promptTokens: 4, completionTokens: 635, audioSeconds: 203))?.decimal == "0.01015")
    }
}
