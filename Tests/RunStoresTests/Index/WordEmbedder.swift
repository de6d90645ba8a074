// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import Synchronization

/// Embeds a text by the words in it, so that texts that share words are near to each other, and keeps what it was asked.
final class WordEmbedder: EmbeddingModel {
    let name: String
    let dimension: Int
    /// Longer texts are refused, as a small model refuses them.
    let maximumBytes: Int
    /// The call, from 1, that fails.
    private let failingCall: Int?
    private let seen = Mutex<[[String]]>([])

    init(name: String = "words", dimension: Int = 64, maximumBytes: Int = .max, failingCall: Int? = nil) {
        self.name = name
        self.dimension = dimension
        self.maximumBytes = maximumBytes
        self.failingCall = failingCall
    }

    var calls: [[String]] { seen.withLock(\.self) }
    var texts: [String] { calls.flatMap(\.self) }

    func embed(
        _ request: EmbeddingRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> EmbeddingResponse {
        let call = seen.withLock { calls in
            calls.append(request.inputs)
            return calls.count
        }
        if call == failingCall { throw ModelError(.transport, "the connection broke") }
        guard request.inputs.allSatisfy({ $0.utf8.count <= maximumBytes }) else {
            throw ModelError(.invalidRequest, "the input is too long", status: 400)
        }
        return EmbeddingResponse(
            model: name, embeddings: request.inputs.map { .numbers(vector($0)) },
            usage: Usage(promptTokens: request.inputs.count))
    }

    private func vector(_ text: String) -> [Double] {
        var vector = [Double](repeating: 0, count: dimension)
        for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            // FNV-1a: the same in each process.
            let hash = word.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            vector[Int(hash % UInt64(dimension))] += 1
        }
        return vector
    }
}

/// A new folder that is removed in the end.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("agent-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.resolvingSymlinksInPath().path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String { try write(Data(text.utf8), to: name) }

    @discardableResult
    func write(_ data: Data, to name: String) throws -> String {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try data.write(to: URL(fileURLWithPath: file))
        return file
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }
}
