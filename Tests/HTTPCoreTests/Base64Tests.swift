// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPCore
import Testing

@Suite struct Base64Tests {
    // RFC 4648 §10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]) func knowsTheStandardsVectors(text: String, encoded: String) {
        #expect(String(decoding: Base64.encode(Array(text.utf8)), as: UTF8.self) == encoded)
        #expect(Base64.decode(encoded.utf8) == Array(text.utf8))
    }

    @Test func agreesWithFoundationOnAllLengths() {
        var random = SeededRandom(seed: 4)
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let encoded = Base64.encode(bytes)
            #expect(String(decoding: encoded, as: UTF8.self) == Data(bytes).base64EncodedString())
            #expect(Base64.decode(encoded) == bytes)
        }
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zg===", "=Zg=", "Z=g=", "Zm9v\n", "Zm9v Zm9v", "Zh==", "Zm9=", "Zm-_", "====", "Zg==Zg==",
    ])
    func refusesWhatIsNotBase64(text: String) {
        #expect(Base64.decode(text.utf8) == nil)
    }
}
