// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@testable import TrainingData

/// The rules of the open-source trainer, each both ways: a line that it takes, a line that it refuses.
@Suite struct InstructRuleTests {
    struct Rule: CustomTestStringConvertible {
        let name: String
        let good: [String]
        let bad: [(line: String, pointer: String)]
        var testDescription: String { name }
    }

    private static let user = #"{"role":"user","content":"hi"}"#
    private static let answer = #"{"role":"assistant","content":"ho"}"#
    private static let result = #"{"role":"tool","tool_call_id":"abcdefghi","content":"1"}"#

    private static func messages(_ list: String...) -> String { "{\"messages\":[\(list.joined(separator: ","))]}" }
    private static func call(id: String? = #""abcdefghi""#, name: String = "f", arguments: String = #""{}""#) -> String
    {
        let id = id.map { "\"id\":\($0)," } ?? ""
        return
            #"{"role":"assistant","content":"","tool_calls":[{\#(id)"function":{"name":"\#(name)","arguments":\#(arguments)}}]}"#
    }
    private static func tools(_ key: String = "tools", _ function: String) -> String {
        #"{"\#(key)":[{"type":"function","function":\#(function)}],"messages":[\#(user),\#(answer)]}"#
    }
    private static let function = #"{"name":"f","description":"d","parameters":{}}"#

    static let rules: [Rule] = [
        Rule(
            name: "messages or interactions",
            good: [messages(user, answer), #"{"interactions":[\#(user),\#(answer)]}"#],
            bad: [
                (#"{"messages":[\#(user),\#(answer)],"interactions":[\#(user),\#(answer)]}"#, "/interactions"),
                (#"{"messages":{}}"#, "/messages"), (#"{"messages":[]}"#, "/messages"),
                (#"{"messages":[1]}"#, "/messages/0"),
            ]),
        Rule(
            name: "roles", good: [messages(#"{"role":"system","content":"s"}"#, user, answer)],
            bad: [
                (messages(#"{"role":"human","content":"hi"}"#, answer), "/messages/0/role"),
                (messages(#"{"content":"hi"}"#, answer), "/messages/0"),
                (messages(#"{"role":1,"content":"hi"}"#, answer), "/messages/0/role"),
            ]),
        Rule(
            name: "text in content or text", good: [messages(#"{"role":"user","text":"hi"}"#, answer)],
            bad: [
                (messages(#"{"role":"user","content":"a","text":"b"}"#, answer), "/messages/0/text"),
                (messages(#"{"role":"user","content":null}"#, answer), "/messages/0"),
                (messages(#"{"role":"user"}"#, answer), "/messages/0"),
                (messages(#"{"role":"user","content":[{"type":"text","text":"a"}]}"#, answer), "/messages/0/content"),
                (messages(#"{"role":"user","content":7}"#, answer), "/messages/0/content"),
            ]),
        Rule(
            name: "one system message",
            good: [
                messages(#"{"role":"system","content":"s"}"#, user, answer),
                #"{"system_prompt":"s","messages":[\#(user),\#(answer)]}"#,
                messages(user, #"{"role":"system","content":"s"}"#, answer),
            ],
            bad: [
                (
                    messages(#"{"role":"system","content":"s"}"#, #"{"role":"system","content":"t"}"#, user, answer),
                    "/messages/1"
                ),
                (
                    #"{"system_prompt":"s","messages":[{"role":"system","content":"s"},\#(user),\#(answer)]}"#,
                    "/messages/0"
                ),
                (#"{"system_prompt":1,"messages":[\#(user),\#(answer)]}"#, "/system_prompt"),
            ]),
        Rule(
            name: "the assistant speaks last", good: [messages(user, answer), messages(user, call())],
            bad: [
                (messages(user), "/messages/0"), (messages(user, answer, user), "/messages/2"),
                (messages(user, call(), result), "/messages/2"),
            ]),
        Rule(
            name: "an answer has text or calls",
            good: [messages(user, call()), messages(user, #"{"role":"assistant","content":"a","tool_calls":[]}"#)],
            bad: [
                (messages(user, #"{"role":"assistant","content":""}"#), "/messages/1"),
                (messages(user, #"{"role":"assistant"}"#), "/messages/1"),
                (messages(user, #"{"role":"assistant","content":"","tool_calls":[]}"#), "/messages/1"),
                (
                    messages(user, call().replacing(#""content":"""#, with: #""content":"both""#)), "/messages/1"
                ),
            ]),
        Rule(
            name: "weight 0 or 1",
            good: [
                messages(user, #"{"role":"assistant","content":"a","weight":0}"#, user, answer),
                messages(user, #"{"role":"assistant","content":"a","weight":1.0}"#),
                messages(user, #"{"role":"assistant","content":"a","weight":null}"#),
            ],
            bad: [
                (messages(user, #"{"role":"assistant","content":"a","weight":2}"#), "/messages/1/weight"),
                (messages(user, #"{"role":"assistant","content":"a","weight":0.5}"#), "/messages/1/weight"),
                (messages(user, #"{"role":"assistant","content":"a","weight":"x"}"#), "/messages/1/weight"),
            ]),
        Rule(
            name: "results name their calls", good: [messages(user, call(), result, answer)],
            bad: [
                (
                    messages(user, call(), result.replacing("abcdefghi", with: "abc"), answer),
                    "/messages/2/tool_call_id"
                ),
                (messages(user, call(), #"{"role":"tool","content":"1"}"#, answer), "/messages/2/tool_call_id"),
            ]),
        Rule(
            name: "one result for each call",
            good: [messages(user, call(), result, answer), messages(user, call(), result, call())],
            bad: [
                (messages(user, call(), answer), "/messages/2"),
                (messages(user, call(), result, result, answer), "/messages/4"),
                (messages(call(), result, answer), "/messages/2"),
                (messages(user, result, answer), "/messages/1"),
            ]),
        Rule(
            name: "after a result the assistant speaks", good: [messages(user, call(), result, answer, user, answer)],
            bad: [(messages(user, call(), result, user, answer), "/messages/3")]),
        Rule(
            name: "ids of calls",
            good: [
                messages(user, call(id: nil)), messages(user, call(id: #""null""#)), messages(user, call(id: "null")),
            ],
            bad: [
                (messages(user, call(id: nil), result, answer), "/messages/1/tool_calls/0"),
                (messages(user, call(id: #""short""#), result, answer), "/messages/1/tool_calls/0/id"),
                (messages(user, call(id: "123456789"), result, answer), "/messages/1/tool_calls/0/id"),
                (messages(user, call(id: #""abcdefgh-""#)), "/messages/1/tool_calls/0/id"),
            ]),
        Rule(
            name: "tools or available_tools", good: [tools("tools", function), tools("available_tools", function)],
            bad: [
                (#"{"tools":[],"available_tools":[],"messages":[\#(user),\#(answer)]}"#, "/available_tools"),
                (#"{"tools":{},"messages":[\#(user),\#(answer)]}"#, "/tools"),
                (#"{"tools":[{"type":"function"}],"messages":[\#(user),\#(answer)]}"#, "/tools/0"),
                (tools("tools", #"{"name":"f","parameters":{}}"#), "/tools/0/function"),
                (tools("tools", #"{"name":"f","description":"d"}"#), "/tools/0/function"),
                (tools("tools", #"{"name":"f","description":"d","parameters":[]}"#), "/tools/0/function/parameters"),
                (tools("tools", #"{"name":"f g","description":"d","parameters":{}}"#), "/tools/0/function/name"),
                (
                    tools("tools", #"{"name":"f","description":"d","parameters":{"type":"strange"}}"#),
                    "/tools/0/function/parameters/type"
                ),
            ]),
        Rule(
            name: "arguments are a string", good: [messages(user, call(arguments: #""not JSON""#))],
            bad: [
                (messages(user, call(arguments: "{}")), "/messages/1/tool_calls/0/function/arguments"),
                (messages(user, call(name: "f g")), "/messages/1/tool_calls/0/function/name"),
                (
                    messages(user, #"{"role":"assistant","tool_calls":[{"id":"abcdefghi"}]}"#),
                    "/messages/1/tool_calls/0"
                ),
                (messages(user, #"{"role":"assistant","tool_calls":{}}"#), "/messages/1/tool_calls"),
            ]),
        Rule(
            name: "what looks odd and is taken",
            good: [
                messages(user, user, answer), messages(user, answer, answer), messages(answer, user, answer),
                messages(user, call(), result.replacing("abcdefghi", with: "jklmnopqr"), answer),
                messages(user, call()),
            ], bad: [(messages(answer), "/messages/0"), (messages(#"{"role":"system","content":"s"}"#), "/messages")]),
    ]

    @Test(arguments: rules) func eachRuleHoldsBothWays(rule: Rule) throws {
        for text in rule.good {
            let errors = try findings(text).filter { $0.severity == .error }
            #expect(errors == [], "\(text)")
        }
        for (text, pointer) in rule.bad {
            let errors = try findings(text).filter { $0.severity == .error }
            #expect(errors.contains { $0.pointer.description == pointer }, "\(text): \(errors)")
        }
    }

    private func findings(_ text: String) throws -> [DatasetFinding] {
        InstructLine(try #require(try JSONValue(parsing: text).objectValue)).list.findings
    }

    @Test(arguments: [
        (messages(user, call(arguments: #""not JSON""#)), "/messages/1/tool_calls/0/function/arguments"),
        (messages(user, call()), "/messages/1/tool_calls/0"),
        (messages(user, #"{"role":"assistant","content":"a","prefix":true}"#), "/messages/1/prefix"),
        (messages(user, call(), result.replacing("abcdefghi", with: "jklmnopqr"), answer), "/messages/2/tool_call_id"),
        (messages(user, #"{"role":"assistant","content":"a","weight":0}"#), ""),
        (
            tools("tools", ##"{"name":"f","description":"d","parameters":{"$ref":"#/nowhere"}}"##),
            "/tools/0/function/parameters/$ref"
        ),
    ]) func oddThingsAreWarnedOf(text: String, pointer: String) throws {
        let found = try findings(text)
        #expect(found.allSatisfy { $0.severity == .warning }, "\(found)")
        #expect(found.contains { $0.pointer.description == pointer }, "\(found)")
    }
}
