// SPDX-License-Identifier: Apache-2.0

package import AgentCore
package import JSONCore

/// The JSON of a successful answer.
package enum JSONAnswer {
    /// - Throws: ``ModelError/Code/invalidResponse`` for what is not JSON, and what an error object in it says.
    package static func parse(_ bytes: [UInt8], service: String) throws(ModelError) -> JSONValue {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw ModelError(.invalidResponse, describe(bytes, service: service, error: error))
        }
        if let error = APIErrorDecoder(service: service).errorObject(value) { throw error }
        return value
    }

    /// What is wrong with an answer that is not JSON, in words that do not repeat it.
    private static func describe(_ bytes: [UInt8], service: String, error: JSONError) -> String {
        guard let first = bytes.first(where: { $0 > 0x20 }) else { return "\(service) answered with an empty body" }
        if first == 0x3C { return "\(service) answered with an HTML page, not with JSON; is its address right?" }
        return "\(service) answered with something that is not JSON: \(error)"
    }
}
