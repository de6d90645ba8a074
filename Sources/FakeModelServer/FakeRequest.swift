// SPDX-License-Identifier: Apache-2.0

public import JSONCore
import NIOHTTP1

/// A request as it came.
public struct FakeRequest: Sendable {
    public let method: String
    /// With the query.
    public let path: String
    public let headers: [(name: String, value: String)]
    public let body: [UInt8]
    /// Which request of the server this is, from 0.
    public let index: Int
    /// Which connection of the server it came on, from 0.
    public let connection: Int

    /// The first header of `name`, in any case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The body as JSON.
    public var json: JSONValue { get throws { try JSONValue(parsing: body) } }
}
