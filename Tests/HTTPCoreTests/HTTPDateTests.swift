// SPDX-License-Identifier: Apache-2.0

import HTTPCore
import Testing

@Suite struct HTTPDateTests {
    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
        ("Thu, 29 Feb 2024 12:00:00 GMT", 1_709_208_000), ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200),
        ("Wed, 31 Dec 2098 23:59:59 GMT", 4_070_908_799), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
        ("Sun Nov  6 08:49:37 1994", 784_111_777),
    ]) func reads(text: String, seconds: Int64) { #expect(HTTPDate.unixSeconds(text) == seconds) }

    @Test(arguments: [
        "", "now", "Sun, 06 Nov 1994", "Sun, 06 Nvo 1994 08:49:37 GMT", "Sun, 32 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Nov 1900 08:49:37 GMT", "99999999999999999999 1 1 1:1:1 1",
    ]) func refuses(text: String) { #expect(HTTPDate.unixSeconds(text) == nil) }
}
