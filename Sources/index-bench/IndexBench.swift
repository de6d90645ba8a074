// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Glibc
import RunStores

// Measures an index without a model, for scripts/bench-index:
//   index-bench add FILE FOLDER DIMENSION      adds a folder, with vectors made from each text's bytes
//   index-bench search FILE QUERIES LIMIT      searches with each query vector of a file, prints what it found and when

@main
struct IndexBench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, let number = Int(arguments[4]) else {
            print("usage: index-bench add FILE FOLDER DIMENSION | search FILE QUERIES LIMIT")
            exit(2)
        }
        if arguments[1] == "add" {
            try await add(to: arguments[2], folder: arguments[3], dimension: number)
        } else {
            try await search(arguments[2], queries: arguments[3], limit: number)
        }
    }

    private static func add(to path: String, folder: String, dimension: Int) async throws {
        let index = try VectorIndex(path: path, model: ByteEmbedder(dimension: dimension))
        let start = ContinuousClock.now
        let report = try await index.add([folder])
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print(
            "\(seconds) \(report.added) \(report.unchanged) \(report.embedded) \(report.reused) \(peakBytes())")
    }

    private static func search(_ path: String, queries: String, limit: Int) async throws {
        let start = ContinuousClock.now
        let model = try QueryFile(queries)
        let index = try VectorIndex(path: path, access: .read, model: model)
        for query in 0..<model.count {
            let begin = query == 0 ? start : ContinuousClock.now
            let hits = try await index.search("\(query)", limit: limit)
            let milliseconds = (ContinuousClock.now - begin) / .milliseconds(1)
            print(milliseconds, hits.map { "\($0.heading)=\($0.score)" }.joined(separator: " "))
        }
        print("peak", peakBytes())
    }

    /// The most memory that the process ever had.
    private static func peakBytes() -> Int {
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1_024
    }
}

/// Vectors that depend on a text's bytes and cost next to nothing.
struct ByteEmbedder: EmbeddingModel {
    var name: String { "bench" }
    let dimension: Int

    func embed(
        _ request: EmbeddingRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> EmbeddingResponse {
        EmbeddingResponse(
            model: name,
            embeddings: request.inputs.map { text in
                var state = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
                    ($0 ^ UInt64($1)) &* 0x100_0000_01b3
                }
                return .numbers(
                    (0..<dimension).map { _ in
                        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                        return Double(Int64(bitPattern: state) >> 40) / Double(1 << 23)
                    })
            })
    }
}

/// The vectors of a file: the dimension in 4 bytes, then numbers in single precision. The text `3` means the fourth.
struct QueryFile: EmbeddingModel {
    var name: String { "bench" }
    let dimension: Int
    private let numbers: [Float]
    var count: Int { numbers.count / dimension }

    init(_ path: String) throws {
        guard let file = fopen(path, "rb") else { throw IndexError(.notFound, path) }
        defer { fclose(file) }
        var size: Int32 = 0
        guard fread(&size, 4, 1, file) == 1, size > 0 else { throw IndexError(.format, path) }
        var numbers = [Float](repeating: 0, count: 100_000 * 4)
        let read = fread(&numbers, 4, numbers.count, file)
        dimension = Int(size)
        self.numbers = Array(numbers[..<read])
    }

    func embed(
        _ request: EmbeddingRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> EmbeddingResponse {
        let rows = request.inputs.compactMap { Int($0) }
        return EmbeddingResponse(
            model: name,
            embeddings: rows.map { .numbers(numbers[$0 * dimension..<($0 + 1) * dimension].map { Double($0) }) })
    }
}
