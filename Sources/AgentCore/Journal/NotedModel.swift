// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// Which model stood behind a reference in a run: a replay needs to know it without being able to have the model.
public struct NotedModel: Sendable, Equatable {
    /// What was asked for, as JSON; `default` where nothing was named.
    public var reference: String
    public var name: String
    /// See ``Model/pricingNames``.
    public var pricingNames: [String]
    /// See ``Model/reportsTokens``.
    public var reportsTokens: Bool

    public init(_ model: any Model, reference: JSONValue?) {
        self.reference = Self.key(reference)
        (name, pricingNames, reportsTokens) = (model.name, model.pricingNames, model.reportsTokens)
    }

    /// How a reference to a model is written down.
    public static func key(_ reference: JSONValue?) -> String {
        reference.flatMap { $0.isNull ? nil : try? $0.serialized(order: .sorted) } ?? "default"
    }

    var journalValue: JSONValue {
        [
            "reference": .string(reference), "model": .string(name),
            "prices": .array(pricingNames.map { .string($0) }), "tokens": .bool(reportsTokens),
        ]
    }

    init?(journalValue value: JSONValue) {
        guard let reference = value["reference"]?.stringValue, let name = value["model"]?.stringValue else {
            return nil
        }
        (self.reference, self.name) = (reference, name)
        pricingNames = value["prices"]?.arrayValue?.compactMap(\.stringValue) ?? [name]
        reportsTokens = value["tokens"]?.boolValue ?? false
    }
}
