// SPDX-License-Identifier: Apache-2.0

/// Services whose use is noted in a ledger, and which are not asked once its money is spent.
///
/// What texts cost is known before they are sent, at most; a document or a recording is known only after: the last of them may
/// cost more than was left.
public struct MeteredServices: ServiceProvider {
    private let services: any ServiceProvider
    private let ledger: UsageLedger

    public init(_ services: any ServiceProvider, ledger: UsageLedger) {
        self.services = services
        self.ledger = ledger
    }

    public func embeddingModel(_ name: String?) throws -> any EmbeddingModel {
        let model = try services.embeddingModel(name)
        // Another provider's model may have any name, also Mistral's.
        let pricingName = name.flatMap { $0.hasPrefix("openai:") ? $0 : nil } ?? model.name
        return MeteredEmbedding(model: model, pricingName: pricingName, ledger: ledger)
    }

    public func ocrModel(_ name: String?) throws -> any OCRModel {
        MeteredOCR(model: try services.ocrModel(name), ledger: ledger)
    }

    public func transcriptionModel(_ name: String?) throws -> any TranscriptionModel {
        MeteredTranscription(model: try services.transcriptionModel(name), ledger: ledger)
    }

    public func moderationModel(_ name: String?) throws -> any ModerationModel {
        MeteredModeration(model: try services.moderationModel(name), ledger: ledger)
    }

    public func classifier(_ name: String) throws -> any ModerationModel {
        MeteredModeration(model: try services.classifier(name), ledger: ledger)
    }

    /// Listing, files and jobs cost nothing by themselves; what batch jobs use is not seen here.
    public func platform() throws -> any Platform { try services.platform() }
}

extension UsageLedger {
    /// Sets money aside for the use of a service: for `usage`, or none where that is not known before.
    ///
    /// - Returns: what was set aside.
    /// - Throws: ``ModelError`` with ``ModelError/Code/configuration`` when the model has no price, with
    ///   ``ModelError/Code/limit`` when the money does not suffice.
    private func reserve(_ model: String, atMost usage: Usage?) throws(ModelError) -> Dollars {
        guard let limit else { return .zero }
        guard let price = prices[model] else { throw prices.missing(model) }
        guard let worst = usage.map(price.cost) ?? .zero else { throw prices.missing(model, "price for this use") }
        let isFree = price.cost(of: usage ?? Usage(audioSeconds: 1, pages: 1)) == .zero
        let left = share { shared, _ -> Dollars in
            let left = shared.budget.map { $0.limit - $0.spent - $0.reserved } ?? .zero
            if worst <= left { shared.budget?.reserve(worst) }
            return left
        }
        if worst > left || (left == .zero && !isFree) {
            throw ModelError(
                .limit, "the limit of \(limit) (usd) is reached: \(left) are left, and \"\(model)\" could cost more")
        }
        return worst
    }

    /// Asks `model` with the ledger told of what it used.
    fileprivate func metered<Response>(
        _ model: String, atMost usage: Usage?, _ call: () async throws -> Response, used: (Response) -> Usage
    ) async throws -> Response {
        let worst = try reserve(model, atMost: usage)
        do {
            let response = try await call()
            let usage = used(response)
            let cost = prices[model]?.cost(of: usage) ?? worst
            end(worst, cost: cost) { $0.note(usage, model: model) }
            SpendingNotes.current?.add(SpendingNote(model: model, usage: usage, cost: cost))
            return response
        } catch {
            let isCharged = (error as? ModelError)?.mayBeCharged ?? true
            end(worst, cost: isCharged ? worst : .zero) { if isCharged { $0.note(nil, model: model) } }
            if isCharged { SpendingNotes.current?.add(SpendingNote(model: model, usage: nil, cost: worst)) }
            throw error
        }
    }

    private func end(_ worst: Dollars, cost: Dollars, _ note: (inout UsageTotals) -> Void) {
        share { shared, _ in
            note(&shared.totals)
            shared.budget?.settle(worst, cost: cost)
        }
    }
}

private struct MeteredEmbedding: EmbeddingModel {
    let model: any EmbeddingModel
    let pricingName: String
    let ledger: UsageLedger
    var name: String { model.name }

    func embed(
        _ request: EmbeddingRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> EmbeddingResponse {
        let tokens = request.inputs.reduce(0) { $0.addingUpToMaximum($1.utf8.count + TokenBound.message) }
        return try await ledger.metered(pricingName, atMost: Usage(promptTokens: tokens)) {
            try await model.embed(request, onEvent: onEvent)
        } used: {
            $0.usage
        }
    }
}

private struct MeteredModeration: ModerationModel {
    let model: any ModerationModel
    let ledger: UsageLedger
    var name: String { model.name }

    func moderate(
        _ input: ModerationInput, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModerationResponse {
        try await ledger.metered(name, atMost: Usage(promptTokens: tokens(input))) {
            try await model.moderate(input, onEvent: onEvent)
        } used: {
            $0.usage
        }
    }

    private func tokens(_ input: ModerationInput) -> Int {
        switch input {
        case .texts(let texts): texts.reduce(0) { $0.addingUpToMaximum($1.utf8.count + TokenBound.message) }
        case .conversations(let conversations):
            conversations.reduce(0) { $0.addingUpToMaximum(TokenBound.messages($1)) }
        }
    }
}

private struct MeteredOCR: OCRModel {
    let model: any OCRModel
    let ledger: UsageLedger
    var name: String { model.name }

    func read(
        _ request: OCRRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> OCRResponse {
        let isAnnotated = request.imageAnnotation != nil || request.documentAnnotation != nil
        // Which pages are asked for may be known; how many there are of a whole document is not.
        let pages = request.pages.map { Usage(pages: $0.count, annotatedPages: isAnnotated ? $0.count : 0) }
        return try await ledger.metered(name, atMost: pages) {
            try await model.read(request, onEvent: onEvent)
        } used: {
            var usage = $0.usage
            if isAnnotated { usage.annotatedPages = usage.pages }
            return usage
        }
    }
}

private struct MeteredTranscription: TranscriptionModel {
    let model: any TranscriptionModel
    let ledger: UsageLedger
    var name: String { model.name }

    func transcribe(
        _ request: TranscriptionRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> Transcription {
        try await ledger.metered(name, atMost: nil) {
            try await model.transcribe(request, onEvent: onEvent)
        } used: {
            $0.usage
        }
    }
}
