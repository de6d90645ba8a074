// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// One way in which an instance breaks its schema, in words that a model can act on.
public struct ValidationError: Error, Sendable, Hashable {
    /// The place in the instance; a missing property is the fault of the object that lacks it.
    public let instanceLocation: JSONPointer
    /// The keyword that failed, `false` for the schema that allows nothing.
    public let keyword: String
    /// The place of the keyword in the schema document, where it stands and not the way there by references.
    public let keywordLocation: JSONPointer
    /// The way to the keyword from the root of the schema, by the keywords that led to it, references among them:
    /// `keywordLocation` in the words of 2020-12 core §12.3.1.
    public let evaluationPath: JSONPointer
    /// The URI of the keyword; a fragment alone when its document has no URI.
    public let absoluteKeywordLocation: String
    /// What is required and what is there, without the place and without a full stop. Quotes of values end after
    /// 80 characters.
    public let message: String

    public init(
        instanceLocation: JSONPointer, keyword: String, keywordLocation: JSONPointer, message: String,
        evaluationPath: JSONPointer? = nil, absoluteKeywordLocation: String? = nil
    ) {
        self.instanceLocation = instanceLocation
        self.keyword = keyword
        self.keywordLocation = keywordLocation
        self.message = message
        self.evaluationPath = evaluationPath ?? keywordLocation
        self.absoluteKeywordLocation = absoluteKeywordLocation ?? "#" + keywordLocation.uriFragment
    }
}

extension ValidationError: CustomStringConvertible {
    /// The message with its place, such as `/unit: must be one of "celsius", "fahrenheit", but is "kelvin"`; the place
    /// of the whole instance is written `/`.
    public var description: String { "\(instanceLocation.isRoot ? "/" : instanceLocation.description): \(message)" }
}
