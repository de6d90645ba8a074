// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaAgents

/// The services of a run whose test says what they answer.
struct FakeServices: ServiceProvider {
    static let names = ["batch", "classify", "embed", "moderate", "ocr", "transcribe"]

    private var answers: [String: FakeAnswers] = [:]
    private let platformFake: FakePlatform?
    private let asked: AskedFakes
    /// The real services, for what is not faked; `nil` and there are none.
    private let other: (any ServiceProvider)?

    /// - Parameter fakes: by the names of ``names``.
    init(_ fakes: JSONObject, asked: AskedFakes, other: (any ServiceProvider)?) throws(Misuse) {
        for (name, value) in fakes { answers[name] = try FakeAnswers(name, value, asked, check: Self.checks(of: name)) }
        platformFake = answers["batch"].map { FakePlatform($0, asked) }
        self.asked = asked
        self.other = other
    }

    private static func checks(of name: String) -> (JSONValue, String) throws(Misuse) -> Void {
        switch name {
        case "embed": FakeEmbedding.check
        case "moderate": FakeModeration.check
        case "classify": FakeModeration.checkObject
        case "ocr": FakeDocument.check
        case "transcribe": FakeRecording.check
        default: FakePlatform.check
        }
    }

    private func fake<Service>(
        _ name: String, _ fake: (FakeAnswers) -> Service, _ real: (any ServiceProvider) throws -> Service
    ) throws -> Service {
        if let answers = answers[name] { return fake(answers) }
        if let other { return try real(other) }
        throw asked.missing("agent.\(name)", known: answers.keys.sorted().map { "agent.\($0)" })
    }

    func embeddingModel(_ name: String?) throws -> any EmbeddingModel {
        try fake("embed", { FakeEmbedding(name: name ?? "fake", answers: $0, asked: asked) }) {
            try $0.embeddingModel(name)
        }
    }

    func ocrModel(_ name: String?) throws -> any OCRModel {
        try fake("ocr", { FakeDocument(name: name ?? "fake", answers: $0, asked: asked) }) { try $0.ocrModel(name) }
    }

    func transcriptionModel(_ name: String?) throws -> any TranscriptionModel {
        try fake("transcribe", { FakeRecording(name: name ?? "fake", answers: $0, asked: asked) }) {
            try $0.transcriptionModel(name)
        }
    }

    func moderationModel(_ name: String?) throws -> any ModerationModel {
        try fake("moderate", { FakeModeration(name: name ?? "fake", answers: $0, asked: asked) }) {
            try $0.moderationModel(name)
        }
    }

    func classifier(_ name: String) throws -> any ModerationModel {
        try fake("classify", { FakeModeration(name: name, answers: $0, asked: asked) }) { try $0.classifier(name) }
    }

    func platform() throws -> any Platform {
        if let platformFake { return platformFake }
        if let other { return try other.platform() }
        throw asked.missing(
            "what a provider keeps (agent.batch, agent.files, agent.models)",
            known: answers.keys.sorted().map { "agent.\($0)" })
    }
}

/// Vectors by texts.
private struct FakeEmbedding: EmbeddingModel {
    let name: String
    let answers: FakeAnswers
    let asked: AskedFakes

    static func check(_ value: JSONValue, _ place: String) throws(Misuse) {
        guard let numbers = value.arrayValue, !numbers.isEmpty, numbers.allSatisfy({ $0.doubleValue != nil }) else {
            throw Misuse("\(place): expected a list of numbers, found \(Shown.value(value))")
        }
    }

    func embed(
        _ request: EmbeddingRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> EmbeddingResponse {
        var vectors: [Embedding] = []
        for text in request.inputs {
            asked.note("embed", ["model": .string(name), "input": .string(text)])
            let numbers = try answers.answer(text).arrayValue ?? []
            let isFloat = request.outputDtype ?? "float" == "float"
            vectors.append(
                isFloat
                    ? .numbers(numbers.compactMap(\.doubleValue))
                    : .integers(numbers.map { Int($0.integerValue ?? Int64($0.doubleValue ?? 0)) }))
        }
        return EmbeddingResponse(model: name, embeddings: vectors, usage: Usage(promptTokens: request.inputs.count))
    }
}

/// Scores by texts; of a conversation, by what was said last. A score from 0.5 on is flagged.
private struct FakeModeration: ModerationModel {
    let name: String
    let answers: FakeAnswers
    let asked: AskedFakes

    static func check(_ value: JSONValue, _ place: String) throws(Misuse) {
        let scores = Optional(value).asArguments.objectValue?.map(\.value)
        guard let scores, scores.allSatisfy({ (0...1).contains($0.doubleValue ?? -1) }) else {
            throw Misuse("\(place): expected scores from 0 to 1 by categories, found \(Shown.value(value))")
        }
    }

    static func checkObject(_ value: JSONValue, _ place: String) throws(Misuse) {
        guard Optional(value).asArguments.objectValue != nil else {
            throw Misuse("\(place): expected what the classifier answers, a table, found \(Shown.value(value))")
        }
    }

    func moderate(
        _ input: ModerationInput, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModerationResponse {
        let texts =
            switch input {
            case .texts(let texts): texts
            case .conversations(let conversations): conversations.map { $0.last?.text ?? "" }
            }
        let verdicts = try texts.map { text in
            asked.note(answers.name, ["model": .string(name), "input": .string(text)])
            return verdict(try answers.answer(text))
        }
        return ModerationResponse(
            id: "fake", model: name, verdicts: verdicts, usage: Usage(promptTokens: texts.count))
    }

    private func verdict(_ value: JSONValue) -> ModerationResponse.Verdict {
        let fields = Optional(value).asArguments.objectValue ?? [:]
        guard answers.name == "moderate" else { return .init(categories: [], fields: fields) }
        let scores = fields.map {
            (name: $0.key, isFlagged: ($0.value.doubleValue ?? 0) >= 0.5, $0.value.doubleValue ?? 0)
        }
        return .init(
            categories: scores,
            fields: [
                "categories": .object(JSONObject(scores.map { ($0.name, .bool($0.isFlagged)) })),
                "category_scores": .object(fields),
            ])
    }
}
