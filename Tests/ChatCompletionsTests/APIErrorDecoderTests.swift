// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import HTTPTypes
import JSONCore
import Testing

@Suite struct APIErrorDecoderTests {
    private func decode(_ status: Int, _ body: String, _ fields: HTTPFields = [:]) -> ModelError {
        APIErrorDecoder(service: "the Mistral API").decode(status: status, fields: fields, body: Array(body.utf8))
    }

    private static func envelope(_ code: String, _ type: String, _ message: String) -> String {
        #"{"object":"error","message":"\#(message)","type":"\#(type)","param":null,"code":"\#(code)","raw_status_code":400}"#
    }

    struct Case: Sendable {
        let status: Int
        let body: String
        let code: ModelError.Code
        let words: String
        var providerCode: String?
    }

    static let cases: [Case] = [
        .init(
            status: 400, body: envelope("1500", "invalid_model", "Invalid model: x"), code: .configuration,
            words: "Invalid model: x", providerCode: "1500"),
        .init(
            status: 400,
            body: envelope(
                "3051", "invalid_request_invalid_args",
                "Prompt contains 9 tokens and 0 draft tokens, too large for model with 8 maximum context length"),
            code: .contextTooLong, words: "too large", providerCode: "3051"),
        .init(
            status: 400, body: envelope("3051", "invalid_request_invalid_args", "Image input is not enabled"),
            code: .invalidRequest, words: "Image input", providerCode: "3051"),
        .init(
            status: 400,
            body: envelope("3059", "invalid_request_prompt_too_long", "Prompt 9 > 8 maximum context length"),
            code: .contextTooLong, words: "9 > 8", providerCode: "3059"),
        .init(
            status: 400,
            body: envelope("3230", "invalid_request_message_order", "Unexpected role 'user' after role 'tool'"),
            code: .invalidRequest, words: "Unexpected role 'user'", providerCode: "3230"),
        .init(status: 401, body: #"{"detail":"Unauthorized"}"#, code: .authentication, words: "Unauthorized"),
        .init(
            status: 401, body: #"{"message":"Unauthorized","request_id":"r7"}"#, code: .authentication,
            words: "refuses the API key: Unauthorized"),
        .init(
            status: 402, body: envelope("2303", "billing_api_budget_exhausted", "Budget exhausted"),
            code: .authentication,
            words: "payment", providerCode: "2303"),
        .init(
            status: 403, body: envelope("1910", "tier_not_allowed", "Not in your tier"), code: .authentication,
            words: "Not in your tier", providerCode: "1910"),
        .init(
            status: 403, body: #"{"error":{"message":"Blocked","status":403},"guardrails":{"results":[]}}"#,
            code: .guardrail, words: "guardrail"),
        .init(
            status: 403, body: #"{"object":"Error","code":3201,"message":"Moderation failed"}"#, code: .guardrail,
            words: "Moderation failed", providerCode: "3201"),
        .init(
            status: 404, body: #"{"message":"no Route matched with those values"}"#, code: .configuration,
            words: "no Route"),
        .init(
            status: 413, body: "<html><head><title>413 Request Entity Too Large</title></head></html>",
            code: .invalidRequest, words: "413 Request Entity Too Large"),
        .init(
            status: 422,
            body:
                #"{"detail":[{"type":"extra_forbidden","loc":["body","messages",0,"user","name"],"msg":"Extra inputs are not permitted","input":"SECRET"}]}"#,
            code: .invalidRequest, words: "messages[0].user.name: Extra inputs are not permitted"),
        .init(
            status: 422,
            body:
                #"{"object":"error","message":{"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required"}]},"type":"invalid_request_error"}"#,
            code: .invalidRequest, words: "model: Field required", providerCode: "invalid_request_error"),
        .init(
            status: 422, body: #"{"detail":"Invalid file format.","message":"Line 1 is not JSON"}"#,
            code: .invalidRequest,
            words: "Invalid file format. Line 1 is not JSON"),
        .init(
            status: 422,
            body:
                #"{"object":"Error","detail":[{"loc":["body"],"msg":"a"}],"message":[{"loc":["body"],"msg":"a"}],"code":3001,"type":"invalid_request_error"}"#,
            code: .invalidRequest, words: ": a", providerCode: "3001"),
        .init(
            status: 429, body: envelope("1300", "rate_limited", "Rate limit exceeded"), code: .rateLimited,
            words: "Rate limit exceeded", providerCode: "1300"),
        .init(
            status: 429, body: #"{"message":"Requests rate limit exceeded"}"#, code: .rateLimited,
            words: "Requests rate"),
        .init(
            status: 503, body: envelope("3505", "service_tier_capacity_exceeded", "No capacity"), code: .rateLimited,
            words: "No capacity", providerCode: "3505"),
        .init(
            status: 500, body: envelope("1000", "internal_server_error", "Service unavailable."), code: .server,
            words: "Service unavailable.", providerCode: "1000"),
        .init(
            status: 502, body: "\n<!DOCTYPE html><HTML><TITLE>Bad\n Gateway</TITLE><body>x</body>", code: .server,
            words: "an HTML page, \"Bad Gateway\""),
        .init(status: 520, body: "<html></html>", code: .server, words: "an HTML page"),
        .init(status: 500, body: "", code: .server, words: "an empty body"),
        .init(status: 504, body: "upstream\n timed out", code: .server, words: "upstream timed out"),
        .init(status: 408, body: "", code: .timeout, words: "waited too long"),
        .init(status: 307, body: "", code: .invalidResponse, words: "elsewhere"),
        .init(
            status: 400,
            body:
                #"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_prompt_tokens":9,"n_ctx":8}}"#,
            code: .contextTooLong, words: "too long", providerCode: "exceed_context_size_error"),
        .init(
            status: 503, body: #"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#,
            code: .server,
            words: "Loading model", providerCode: "unavailable_error"),
        .init(
            status: 404,
            body:
                #"{"error":{"message":"The model does not exist","type":"invalid_request_error","code":"model_not_found"}}"#,
            code: .configuration, words: "does not exist", providerCode: "model_not_found"),
    ]

    @Test(arguments: cases) func tells(_ expected: Case) {
        let error = decode(expected.status, expected.body)
        #expect(error.code == expected.code)
        #expect(error.status == expected.status)
        #expect(error.message.contains(expected.words), "\(error.message)")
        #expect(error.providerCode == expected.providerCode)
        #expect(!error.message.contains("SECRET"))
    }

    @Test func quotesTheRequestIDAndTheWait() throws {
        var fields: HTTPFields = [:]
        fields[try #require(HTTPField.Name("mistral-correlation-id"))] = "abc"
        fields[try #require(HTTPField.Name("Retry-After"))] = "9"
        let error = decode(429, "{}", fields)
        #expect(error.requestID == "abc")
        #expect(error.retryAfter == .seconds(9))
        #expect(error.description.hasSuffix("(HTTP 429, request abc)"))
        #expect(decode(401, #"{"message":"Unauthorized","request_id":"r7"}"#).requestID == "r7")
    }

    @Test func shortensLongTexts() {
        #expect(decode(500, String(repeating: "x ", count: 5000)).message.count < 600)
    }

    @Test func survivesAnyBody() {
        var random = SeededRandom(seed: 5)
        for text in Self.cases.map(\.body) {
            for _ in 0..<50 {
                var bytes = Array(text.utf8)
                for _ in 0..<3 where !bytes.isEmpty {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                let error = APIErrorDecoder(service: "s").decode(status: 400, fields: [:], body: bytes)
                #expect(!error.message.isEmpty)
            }
        }
        for value in ["null", "1", "[]", "{}", "[[]]", #"{"error":1}"#, #"{"detail":[1,null]}"#, #"{"message":{}}"#] {
            #expect(!decode(400, value).message.isEmpty)
        }
    }
}
