// SPDX-License-Identifier: Apache-2.0

package import AgentCore
import HTTPCore
import JSONCore

/// Reads the answer of an embeddings endpoint: numbers or base64, in whatever order.
package struct EmbeddingResponseDecoder: Sendable {
    /// Who answered, for the sentences of errors.
    package let service: String
    /// `float`, `int8`, `uint8`, `binary` or `ubinary`: what base64 holds.
    package let dtype: String

    package init(service: String, dtype: String) {
        self.service = service
        self.dtype = dtype
    }

    /// - Parameter count: how many texts were sent.
    /// - Throws: ``ModelError/Code/invalidResponse`` when there is not exactly one vector for each text.
    package func decode(_ bytes: [UInt8], count: Int) throws(ModelError) -> EmbeddingResponse {
        let value = try JSONAnswer.parse(bytes, service: service)
        guard let data = value["data"]?.arrayValue else { throw malformed("it has no list 'data'") }
        guard data.count == count else { throw malformed("it has \(data.count) vectors for \(count) texts") }
        var vectors = [Embedding?](repeating: nil, count: count)
        for (place, item) in data.enumerated() {
            // The order of the list is no promise; an index is, and is missing on some servers.
            let index = item["index"]?.integerValue.map { Int(clamping: $0) } ?? place
            guard vectors.indices.contains(index), vectors[index] == nil else {
                throw malformed("/data/\(place)/index is \(index), which is no place or taken")
            }
            vectors[index] = try vector(item["embedding"], at: place)
        }
        return EmbeddingResponse(
            model: value["model"]?.stringValue ?? "", embeddings: vectors.compactMap(\.self),
            usage: ChatResponseDecoder.usage(value["usage"]) ?? Usage())
    }

    private func vector(_ value: JSONValue?, at place: Int) throws(ModelError) -> Embedding {
        switch value {
        case .array(let numbers):
            if dtype != "float" {
                let integers = numbers.compactMap { $0.integerValue.map { Int(clamping: $0) } }
                guard integers.count < numbers.count else { return .integers(integers) }
            }
            let doubles = numbers.compactMap(\.doubleValue)
            guard doubles.count == numbers.count else {
                throw malformed("/data/\(place)/embedding holds something that is not a number")
            }
            return .numbers(doubles)
        case .string(let text):
            guard let bytes = Base64.decode(text.utf8), let vector = unpacked(bytes) else {
                throw malformed("/data/\(place)/embedding is not base64 of \(dtype)")
            }
            return vector
        default: throw malformed("/data/\(place)/embedding is neither a list nor a string")
        }
    }

    /// Little-endian floats of 32 bits, or one byte a number, signed for `int8` and `binary`.
    private func unpacked(_ bytes: [UInt8]) -> Embedding? {
        switch dtype {
        case "float":
            guard bytes.count % 4 == 0 else { return nil }
            return .numbers(
                stride(from: 0, to: bytes.count, by: 4).map { place in
                    let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
                    return Double(Float(bitPattern: bits))
                })
        case "int8", "binary": return .integers(bytes.map { Int(Int8(bitPattern: $0)) })
        default: return .integers(bytes.map { Int($0) })
        }
    }

    private func malformed(_ what: String) -> ModelError {
        ModelError(.invalidResponse, "the answer of \(service) is not a list of embeddings: \(what)")
    }
}
