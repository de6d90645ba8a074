// SPDX-License-Identifier: Apache-2.0

import HTTPCore
import Testing

@Suite struct HTTPURLTests {
    @Test func readsTheParts() throws {
        let url = try HTTPURL(parsing: "HTTPS://API.Mistral.AI:8443/v1/models?page=0&q=a%20b#top")
        #expect(url.scheme == .https)
        #expect(url.host == "api.mistral.ai")
        #expect(url.port == 8443)
        #expect(url.path == "/v1/models?page=0&q=a%20b")
        #expect(url.authority == "api.mistral.ai:8443")
        #expect(url.description == "https://api.mistral.ai:8443/v1/models?page=0&q=a%20b")
    }

    @Test(arguments: [
        ("http://h", "http://h/"), ("http://h:80/", "http://h/"), ("https://h:443?x", "https://h/?x"),
        ("http://h:/a", "http://h/a"), ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://[::1]", "http://[::1]/"),
        ("http://h/é", "http://h/%C3%A9"), ("http://h/{a}|b", "http://h/%7Ba%7D%7Cb"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1/"),
    ]) func normalizes(text: String, expected: String) throws {
        #expect(try HTTPURL(parsing: text).description == expected)
    }

    @Test(arguments: [
        "", "h", "/path", "ftp://h", "http:/h", "http://", "http:///x", "http://user:secret@h/", "http://h:0",
        "http://h:65536",
        "http://h:8x", "http://h:-1", "http://h /", "http://h/a b", "http://h/\n", "http://é/", "http://[::1",
        "http://[]",
        "http://[::1]x", "http://a/\u{7F}", "http://a,b/",
    ]) func refuses(text: String) {
        #expect { try HTTPURL(parsing: text) } throws: { error in
            let error = error as? HTTPTransportError
            return error?.code == .badURL && !(error?.message.contains("secret") ?? true)
        }
    }

    @Test func comparesOrigins() throws {
        let url = try HTTPURL(parsing: "https://a/x")
        #expect(url.hasSameOrigin(as: try HTTPURL(parsing: "https://A:443/y")))
        for other in ["http://a/x", "https://a:444/x", "https://b/x"] {
            #expect(!url.hasSameOrigin(as: try HTTPURL(parsing: other)))
        }
    }

    @Test func appendsPaths() throws {
        for base in ["http://h/v1", "http://h/v1/", "http://h/v1//?x=1"] {
            #expect(try HTTPURL(parsing: base).appending("chat/completions").path == "/v1/chat/completions")
        }
        #expect(try HTTPURL(parsing: "http://h").appending("/a?b=c").path == "/a?b=c")
    }

    // RFC 3986 §5.4
    @Test(arguments: [
        ("g", "/b/c/g"), ("./g", "/b/c/g"), ("g/", "/b/c/g/"), ("/g", "/g"), ("?y", "/b/c/d;p?y"), ("g?y", "/b/c/g?y"),
        ("#s", "/b/c/d;p?q"), ("g#s", "/b/c/g"), (";x", "/b/c/;x"), ("", "/b/c/d;p?q"), (".", "/b/c/"), ("..", "/b/"),
        ("../g", "/b/g"), ("../../g", "/g"), ("../../../g", "/g"), ("/./g", "/g"), ("/../g", "/g"), ("g.", "/b/c/g."),
        ("./g/.", "/b/c/g/"), ("g/./h", "/b/c/g/h"), ("g/../h", "/b/c/h"), ("g?y/../x", "/b/c/g?y/../x"),
    ]) func resolvesReferences(reference: String, path: String) throws {
        #expect(try HTTPURL(parsing: "http://a/b/c/d;p?q").resolving(reference).description == "http://a" + path)
    }

    @Test func resolvesOtherOrigins() throws {
        let url = try HTTPURL(parsing: "https://a/b")
        #expect(try url.resolving("//c/d").description == "https://c/d")
        #expect(try url.resolving("http://c:8/d").description == "http://c:8/d")
        #expect(throws: HTTPTransportError.self) { try url.resolving("javascript:alert(1)") }
        #expect(throws: HTTPTransportError.self) { try url.resolving("file:///etc/passwd") }
    }
}
