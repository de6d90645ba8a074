// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ECMARegex

@Suite struct SmokeTests {
    @Test func works() throws {
        #expect(try ECMARegex("^(a+)+$").search("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab") == .noMatch)
        #expect(try ECMARegex(#"(?<=a(b|c))d"#).search("xacd") == .match)
    }
}
