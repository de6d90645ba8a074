// SPDX-License-Identifier: Apache-2.0

import Testing

// Internal: the resolver shows in no public answer by itself.
@testable import JSONSchemaCore

@Suite struct URIReferenceTests {
    /// RFC 3986 §5.4, whose base is `http://a/b/c/d;p?q`.
    @Test(arguments: [
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q"), ("g#s", "http://a/b/c/g"), ("g?y#s", "http://a/b/c/g?y"),
        (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"), ("g;x?y#s", "http://a/b/c/g;x?y"),
        ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"),
        ("../", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../", "http://a/"),
        ("../../g", "http://a/g"), ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"),
        ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"),
        ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"),
        ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"),
        ("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y"), ("http:g", "http:g"),
    ]) func resolvesAsTheRFCShows(reference: String, expected: String) {
        let base = URIReference("http://a/b/c/d;p?q")
        #expect(URIReference(reference).resolved(against: base).withoutFragment == expected)
    }

    @Test(arguments: [
        ("urn:uuid:deadbeef", "#a", "urn:uuid:deadbeef", "a"), ("http://a", "b", "http://a/b", nil),
        ("", "b/c.json", "b/c.json", nil), ("HTTP://a/b", "?", "http://a/b?", nil), ("a/b", "1:2", "a/1:2", nil),
    ]) func keepsTheParts(base: String, reference: String, expected: String, fragment: String?) {
        let target = URIReference(reference).resolved(against: URIReference(base))
        #expect(target.withoutFragment == expected)
        #expect(target.fragment == fragment)
    }

    @Test(arguments: [
        ("a%20b", "a b"), ("%C3%A9", "é"), ("%", nil), ("%2", nil), ("%zz", nil), ("%+1", nil), ("%FF", nil), ("", ""),
    ]) func decodesPercents(text: String, expected: String?) {
        #expect(URIReference.decodePercents(text[...]) == expected)
    }
}
