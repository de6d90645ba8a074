// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct EmbedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed", _superCommandName: "agent", abstract: "Turns texts into vectors, or ranks them.",
        discussion: """
            Prints one JSON array a text. With --similar it prints the texts instead, the nearest first: score (cosine, \
            -1 to 1), a tab, text. A - and --file give a text a line.
            """)

    @OptionGroup var service: ServiceModelOption
    @OptionGroup var options: ServiceOptions
    @Option(help: ArgumentHelp("Rank the texts by their nearness to this one.", valueName: "query"))
    var similar: String?
    @Option(help: ArgumentHelp("With --similar: show the best ones only.", valueName: "n"))
    var top: Int?
    @Option(name: [.customShort("f"), .customLong("file")], help: "A file with a text a line; - is stdin.")
    var files: [String] = []
    @Option(help: ArgumentHelp("Numbers of a vector, where the model can choose.", valueName: "n"))
    var dimension: Int?
    @Option(help: "float, int8, uint8, binary or ubinary.")
    var dtype: String?
    @Argument(help: ArgumentHelp("The texts; - reads them from stdin.", valueName: "text")) var words: [String] = []

    func validate() throws {
        if words.isEmpty && files.isEmpty {
            throw ValidationError("a text is missing: agent embed \"…\" (or - for stdin, or -f FILE)")
        }
        if let dimension, dimension < 1 {
            throw ValidationError("--dimension: expected 1 or more, found \(dimension)")
        }
        if let top, top < 1 { throw ValidationError("--top: expected 1 or more, found \(top)") }
        if top != nil, similar == nil { throw ValidationError("--top needs --similar") }
        let dtypes = ["float", "int8", "uint8", "binary", "ubinary"]
        if let dtype, !dtypes.contains(dtype) {
            throw ValidationError("--dtype: expected one of \(dtypes.joined(separator: ", ")), found '\(dtype)'")
        }
        if similar != nil, dtype?.hasSuffix("binary") == true {
            throw ValidationError("--similar compares numbers; --dtype \(dtype ?? "") packs eight dimensions in one")
        }
    }

    func run() async throws {
        let session = try ServiceSession(options)
        try await session.run {
            let texts = try await texts()
            guard !texts.isEmpty else { throw UsageError("there are no texts: the input is empty") }
            let model = try session.services.embeddingModel(service.model)
            let request = EmbeddingRequest(
                (similar.map { [$0] } ?? []) + texts, outputDimension: dimension, outputDtype: dtype)
            let response = try await model.embed(request) { session.show($0) }
            session.use(response.usage)
            guard response.embeddings.count == request.inputs.count else {
                throw ModelError(
                    .invalidResponse,
                    "\(model.name) gave \(response.embeddings.count) vectors for \(request.inputs.count) texts")
            }
            try similar == nil ? show(response, session) : rank(texts, response, session)
        }
    }

    private func texts() async throws -> [String] {
        var texts: [String] = []
        for word in words { texts += word == "-" ? try await TextArguments.lines(of: "-") : [word] }
        for file in files { texts += try await TextArguments.lines(of: file) }
        return texts
    }

    private func show(_ response: EmbeddingResponse, _ session: ServiceSession) throws {
        let vectors = response.embeddings.map(\.json)
        if options.json {
            let answer: JSONValue = [
                "model": .string(response.model), "embeddings": .array(vectors), "usage": response.usage.scriptValue,
            ]
            try session.emit(answer)
        } else {
            for vector in vectors { try session.emit(vector) }
        }
    }

    private func rank(_ texts: [String], _ response: EmbeddingResponse, _ session: ServiceSession) throws {
        let vectors = response.embeddings.map(\.floats)
        let scores = vectors.dropFirst().map { Self.cosine(vectors[0], $0) }
        let places = texts.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }
        let ranked = places.prefix(top ?? texts.count).map { (place: $0, score: scores[$0]) }
        if options.json {
            let results = ranked.map { place, score -> JSONValue in
                ["score": .number(Double(score)), "text": .string(texts[place]), "index": .integer(Int64(place))]
            }
            let answer: JSONValue = [
                "model": .string(response.model), "usage": response.usage.scriptValue, "results": .array(results),
            ]
            try session.emit(answer)
        } else {
            for (place, score) in ranked { session.emit("\(Self.text(score))\t\(texts[place])\n") }
        }
    }

    /// The cosine of the angle between two vectors; 0 when one of them is zero.
    static func cosine(_ left: [Float], _ right: [Float]) -> Float {
        var (dot, lengths) = (Float(0), (Float(0), Float(0)))
        for (a, b) in zip(left, right) {
            dot += a * b
            lengths.0 += a * a
            lengths.1 += b * b
        }
        let length = (lengths.0 * lengths.1).squareRoot()
        return length > 0 ? dot / length : 0
    }

    /// Four digits behind the point.
    private static func text(_ score: Float) -> String {
        let scaled = Int((Double(score) * 10_000).rounded())
        let digits = String(abs(scaled) + 10_000)
        let whole = abs(scaled) / 10_000
        return (scaled < 0 ? "-" : "") + "\(whole)." + digits.suffix(4)
    }
}

extension Embedding {
    var json: JSONValue {
        switch self {
        case .numbers(let numbers): .array(numbers.map { .number($0) })
        case .integers(let integers): .array(integers.map { .integer(Int64($0)) })
        }
    }
}
