// SPDX-License-Identifier: Apache-2.0

import HTTPCore
import HTTPTypes
import Testing

@Suite struct RedirectPolicyTests {
    private static func request(_ url: String, method: HTTPRequest.Method = .post) throws -> HTTPTransportRequest {
        var fields: HTTPFields = [
            .authorization: "Bearer KEY", .contentType: "application/json", .accept: "application/json", .cookie: "a=b",
        ]
        fields[try #require(HTTPField.Name("x-api-key"))] = "KEY"
        return HTTPTransportRequest(
            method: method, url: try HTTPURL(parsing: url), headerFields: fields, body: .bytes([1]))
    }

    private static func response(_ code: Int, to location: String?) -> HTTPResponse {
        var response = HTTPResponse(status: .init(code: code))
        response.headerFields[.location] = location
        return response
    }

    private static func next(_ url: String, _ code: Int, to location: String?, followed: Int = 0) throws
        -> HTTPTransportRequest?
    {
        try RedirectPolicy().next(after: request(url), response: response(code, to: location), followed: followed)
    }

    @Test func deliversWhatIsNoRedirect() throws {
        #expect(try Self.next("http://a/", 200, to: "/x") == nil)
        #expect(try Self.next("http://a/", 304, to: "/x") == nil)
        #expect(try Self.next("http://a/", 307, to: nil) == nil)
    }

    @Test func keepsEverythingWithinAnOrigin() throws {
        let next = try #require(try Self.next("https://a/v1/x", 307, to: "/v2/x"))
        #expect(next.url.description == "https://a/v2/x")
        #expect(next.method == .post)
        #expect(next.headerFields[.authorization] == "Bearer KEY")
    }

    @Test(arguments: ["https://b/x", "https://a:444/x", "//evil/x"]) func takesNoKeyToAnotherOrigin(location: String)
        throws
    {
        let next = try #require(try Self.next("https://a/x", 308, to: location))
        #expect(Set(next.headerFields.map(\.name.canonicalName)) == ["content-type", "accept"])
        guard case .bytes([1]) = next.body else { throw HTTPTransportError(.badURL, "the body is lost") }
    }

    @Test func goesFromPlainToSecureWithoutTheKey() throws {
        #expect(try #require(try Self.next("http://a/x", 307, to: "https://a/x")).headerFields[.authorization] == nil)
    }

    @Test func refusesToLeaveTLS() {
        #expect(throws: HTTPTransportError.self) { try Self.next("https://a/x", 307, to: "http://a/x") }
    }

    @Test func refusesToLeaveASocket() throws {
        var request = try Self.request("http://localhost/x")
        request.socketPath = "/run/x"
        let policy = RedirectPolicy()
        #expect(throws: HTTPTransportError.self) {
            try policy.next(after: request, response: Self.response(307, to: "http://b/"), followed: 0)
        }
        let next = try policy.next(after: request, response: Self.response(307, to: "/y"), followed: 0)
        #expect(next?.socketPath == "/run/x")
    }

    @Test func makesAGetWhereTheCodeSaysSo() throws {
        for code in [301, 302, 303] {
            let next = try #require(try Self.next("http://a/", code, to: "/x"))
            #expect(next.method == .get)
            #expect(next.headerFields[.contentType] == nil)
            guard case .none = next.body else { throw HTTPTransportError(.badURL, "there is a body") }
        }
    }

    @Test func stopsAtTheLimit() throws {
        #expect(try Self.next("http://a/", 307, to: "/x", followed: 4) != nil)
        #expect(throws: HTTPTransportError.self) { try Self.next("http://a/", 307, to: "/x", followed: 5) }
    }
}
