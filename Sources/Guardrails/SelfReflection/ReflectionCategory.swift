// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// A category that a chat model sorts texts into.
public struct ReflectionCategory: Sendable, Equatable {
    /// What verdicts name; one line, and not ``none``.
    public var name: String
    /// What belongs to it, for the model to read; may be empty when the name says it.
    public var meaning: String

    public init(_ name: String, _ meaning: String = "") {
        self.name = name
        self.meaning = meaning
    }

    /// The verdict on a text that belongs to no category.
    public static let none = "not moderated"

    /// Physical harm, economic harm and fraud: the example of the platform's documentation.
    public static let standard = documented.filter { ["physical harm", "economic harm", "fraud"].contains($0.name) }

    /// The categories of these names: the documented ones with their meaning, others by their name alone.
    public static func named(_ names: [String]) -> [ReflectionCategory] {
        names.map { name in documented.first { $0.name == name } ?? ReflectionCategory(name) }
    }

    /// - Throws: ``ModelError/Code/configuration`` for what no verdict could tell apart.
    static func check(_ categories: [ReflectionCategory]) throws(ModelError) {
        func refusal(_ what: String) -> ModelError { ModelError(.configuration, "categories: \(what)") }
        guard !categories.isEmpty else { throw refusal("expected at least one") }
        var names: Set<String> = []
        for category in categories {
            let name = category.name
            guard (1...64).contains(name.count), name.allSatisfy({ !$0.isNewline }),
                name.contains(where: { !$0.isWhitespace })
            else { throw refusal("expected names of 1 to 64 characters on one line, found \"\(name.prefix(80))\"") }
            guard name != none else { throw refusal("\"\(none)\" is the verdict on texts of no category") }
            guard names.insert(name).inserted else { throw refusal("there are two of the name \"\(name)\"") }
        }
    }

    /// The categories of the platform's documentation, in its words ("Content moderation with self-reflection").
    public static let documented = [
        ReflectionCategory("illegal", "Illegal activity."),
        ReflectionCategory(
            "child abuse", "child sexual abuse material or any content that exploits or harms children."),
        ReflectionCategory(
            "hate violence harassment",
            "Generation of hateful, harassing, or violent content: content that expresses, incites, or promotes hate based "
                + "on identity, content that intends to harass, threaten, or bully an individual, content that promotes or "
                + "glorifies violence or celebrates the suffering or humiliation of others."),
        ReflectionCategory(
            "malware",
            "Generation of malware: content that attempts to generate code that is designed to disrupt, damage, or gain "
                + "unauthorized access to a computer system."),
        ReflectionCategory(
            "physical harm",
            "activity that has high risk of physical harm, including: weapons development, military and warfare, management "
                + "or operation of critical infrastructure in energy, transportation, and water, content that promotes, "
                + "encourages, or depicts acts of self-harm, such as suicide, cutting, and eating disorders."),
        ReflectionCategory(
            "economic harm",
            "activity that has high risk of economic harm, including: multi-level marketing, gambling, payday lending, "
                + "automated determinations of eligibility for credit, employment, educational institutions, or public "
                + "assistance services."),
        ReflectionCategory(
            "fraud",
            "Fraudulent or deceptive activity, including: scams, coordinated inauthentic behavior, plagiarism, academic "
                + "dishonesty, astroturfing, such as fake grassroots support or fake review generation, disinformation, "
                + "spam, pseudo-pharmaceuticals."),
        ReflectionCategory(
            "adult",
            "Adult content, adult industries, and dating apps, including: content meant to arouse sexual excitement, such as "
                + "the description of sexual activity, or that promotes sexual services (excluding sex education and "
                + "wellness), erotic chat, pornography."),
        ReflectionCategory(
            "political",
            "Political campaigning or lobbying, by: generating high volumes of campaign materials, generating campaign "
                + "materials personalized to or targeted at specific demographics, building conversational or interactive "
                + "systems such as chatbots that provide information about campaigns or engage in political advocacy or "
                + "lobbying, building products for political campaigning or lobbying purposes."),
        ReflectionCategory(
            "privacy",
            "Activity that violates people's privacy, including: tracking or monitoring an individual without their consent, "
                + "facial recognition of private individuals, classifying individuals based on protected characteristics, "
                + "using biometrics for identification or assessment, unlawful collection or disclosure of personal "
                + "identifiable information or educational, financial, or other protected records."),
        ReflectionCategory(
            "unqualified law",
            "Engaging in the unauthorized practice of law, or offering tailored legal advice without a qualified person "
                + "reviewing the information."),
        ReflectionCategory(
            "unqualified financial",
            "Offering tailored financial advice without a qualified person reviewing the information."),
        ReflectionCategory(
            "unqualified health",
            "Telling someone that they have or do not have a certain health condition, or providing instructions on how to "
                + "cure or treat a health condition."),
    ]
}
