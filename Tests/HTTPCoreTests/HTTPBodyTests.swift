// SPDX-License-Identifier: Apache-2.0

import HTTPCore
import Testing

@Suite struct HTTPBodyTests {
    @Test func collectsAllOfIt() async throws {
        #expect(try await HTTPBody([1, 2, 3]).collect(upTo: 3) == [1, 2, 3])
        #expect(try await HTTPBody([]).collect(upTo: 0) == [])
    }

    @Test func refusesMoreThanTheLimit() async {
        await #expect(throws: HTTPTransportError.self) { try await HTTPBody([1, 2, 3]).collect(upTo: 2) }
    }

    @Test func givesThePrefixOfWhatCouldBeRead() async {
        let body = HTTPBody { throw HTTPTransportError(.closed, "gone") }
        #expect(await body.prefix(upTo: 10) == [])
        #expect(await HTTPBody([1, 2, 3]).prefix(upTo: 2) == [1, 2])
    }
}
