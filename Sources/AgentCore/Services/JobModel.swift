// SPDX-License-Identifier: Apache-2.0

package import JSONCore

/// A model whose requests can be lines of a batch job of its provider.
package protocol JobModel: Model {
    /// The path of requests at the provider: `/v1/chat/completions`.
    var jobEndpoint: String { get }

    /// The body of a line, without the model, which is the job's.
    ///
    /// - Throws: ``ModelError`` when the request could not be sent.
    func jobBody(of request: ModelRequest) throws -> JSONValue

    /// The answer that a line of results holds.
    ///
    /// - Throws: ``ModelError`` with why there is none.
    func jobAnswer(_ result: BatchResult) throws -> ModelResponse
}
