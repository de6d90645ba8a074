// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Synchronization
import Testing

@testable import AgentCore

@Suite struct MeteredServicesTests {
    private let fake = FakeServices()

    private func ledger(usd: String? = nil) -> UsageLedger { UsageLedger(limit: usd.flatMap { Dollars(decimal: $0) }) }

    @Test func everyServiceIsNotedByItsModel() async throws {
        let ledger = ledger()
        let services = MeteredServices(fake, ledger: ledger)
        _ = try await services.embeddingModel(nil).embed(["a", "b"])
        _ = try await services.ocrModel(nil).read(OCRRequest(.url("https://x.test/a.pdf")), onEvent: { _ in })
        _ = try await services.transcriptionModel(nil).transcribe(
            TranscriptionRequest(.url("https://x.test/a.mp3")), onEvent: { _ in })
        _ = try await services.moderationModel(nil).moderate(.texts(["a"]), onEvent: { _ in })
        #expect(
            ledger.totals.models.map(\.model) == [
                "mistral-embed", "mistral-ocr-latest", "voxtral-mini-latest", "mistral-moderation-latest",
            ])
        #expect(
            ledger.totals.models.map { $0.cost(by: ledger.prices)?.decimal } == [
                "0.000001", "0.012", "0.01015", "0.0000007",
            ])
    }

    @Test func textsThatCouldCostTooMuchAreNotSent() async throws {
        let model = try MeteredServices(fake, ledger: ledger(usd: "0.000005")).embeddingModel(nil)
        _ = try await model.embed(["a"])
        let error = await #expect(throws: ModelError.self) {
            try await model.embed([String(repeating: "x", count: 1000)])
        }
        #expect(error?.code == .limit)
        #expect(fake.calls == 1)
    }

    @Test func afterTheLastDocumentThatFitNoneIsRead() async throws {
        let model = try MeteredServices(fake, ledger: ledger(usd: "0.012")).ocrModel(nil)
        let request = OCRRequest(.url("https://x.test/a.pdf"))
        _ = try await model.read(request, onEvent: { _ in })
        let error = await #expect(throws: ModelError.self) { try await model.read(request, onEvent: { _ in }) }
        #expect(error?.code == .limit)
        #expect(fake.calls == 1)
    }

    @Test func aServiceWithoutPriceIsRefusedUnderALimit() async throws {
        let model = try MeteredServices(fake, ledger: ledger(usd: "1")).embeddingModel("openai:mistral-embed")
        let error = await #expect(throws: ModelError.self) { try await model.embed(["a"]) }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("openai:mistral-embed") == true)
        #expect(fake.calls == 0)
    }

    @Test func localServicesCostNothing() async throws {
        let model = try MeteredServices(fake, ledger: ledger(usd: "0")).embeddingModel("local")
        _ = try await model.embed(["a"])
        #expect(fake.calls == 1)
    }
}

/// Services that answer at once and count their calls.
private final class FakeServices: ServiceProvider, EmbeddingModel, OCRModel, TranscriptionModel, ModerationModel {
    private let state = Mutex<(calls: Int, name: String)>((0, ""))
    var calls: Int { state.withLock(\.calls) }
    var name: String { state.withLock(\.name) }

    private func named(_ name: String) -> FakeServices {
        state.withLock { $0.name = name }
        return self
    }
    private func count() { state.withLock { $0.calls += 1 } }

    func embeddingModel(_ name: String?) -> any EmbeddingModel {
        named(name == "openai:mistral-embed" ? "mistral-embed" : name ?? "mistral-embed")
    }
    func ocrModel(_ name: String?) -> any OCRModel { named("mistral-ocr-latest") }
    func transcriptionModel(_ name: String?) -> any TranscriptionModel { named("voxtral-mini-latest") }
    func moderationModel(_ name: String?) -> any ModerationModel { named("mistral-moderation-latest") }
    func classifier(_ name: String) -> any ModerationModel { named(name) }
    func platform() throws -> any Platform { throw ModelError(.configuration, "none") }

    func embed(_ request: EmbeddingRequest, onEvent: @Sendable (ModelEvent) async throws -> Void) -> EmbeddingResponse {
        count()
        return EmbeddingResponse(model: name, embeddings: [], usage: Usage(promptTokens: 10))
    }
    func read(_ request: OCRRequest, onEvent: @Sendable (ModelEvent) async throws -> Void) -> OCRResponse {
        count()
        return OCRResponse(fields: [:], pages: [], usage: Usage(pages: 3))
    }
    func transcribe(
        _ request: TranscriptionRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) -> Transcription {
        count()
        return Transcription(
            fields: [:], text: "", usage: Usage(promptTokens: 4, completionTokens: 635, audioSeconds: 203))
    }
    func moderate(
        _ input: ModerationInput, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) -> ModerationResponse {
        count()
        return ModerationResponse(model: name, verdicts: [], usage: Usage(promptTokens: 7))
    }
}
