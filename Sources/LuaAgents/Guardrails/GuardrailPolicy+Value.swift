// SPDX-License-Identifier: Apache-2.0

public import JSONCore

extension GuardrailPolicy {
    /// Reads a policy that a host writes as a value: what a policy file in JSON holds.
    ///
    /// - Parameter owner: whose rules these are, and what an error begins with.
    /// - Throws: ``PolicyError`` that names the field.
    public init(_ value: JSONValue, owner: String) throws {
        do {
            try self.init(value, owner: owner, at: owner) { spec in
                throw Misuse("\(spec.place): a value has no functions")
            }
        } catch {
            throw PolicyError(description: error.description)
        }
    }
}
