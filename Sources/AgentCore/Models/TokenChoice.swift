// SPDX-License-Identifier: Apache-2.0

/// A token that a model wrote, with what it could have written in its place.
public struct TokenChoice: Sendable, Equatable {
    /// The token's text. One that ends inside a character may show U+FFFD.
    public var text: String
    /// The likeliest tokens with their probabilities, 0…1, before a grammar or sampling chose; the token itself may not be
    /// among them.
    public var alternatives: [(text: String, probability: Double)]

    public init(text: String, alternatives: [(text: String, probability: Double)]) {
        self.text = text
        self.alternatives = alternatives
    }

    public static func == (left: TokenChoice, right: TokenChoice) -> Bool {
        left.text == right.text && left.alternatives.elementsEqual(right.alternatives, by: ==)
    }
}
