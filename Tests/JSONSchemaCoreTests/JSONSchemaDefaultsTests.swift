// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import Testing

@Suite struct JSONSchemaDefaultsTests {
    @Test(arguments: [
        (#"{"properties":{"a":{"default":1},"b":{}}}"#, "{}", #"{"a":1}"#),
        (#"{"properties":{"a":{"default":1}}}"#, #"{"a":null}"#, #"{"a":null}"#),
        (#"{"properties":{"a":{"default":1},"c":{"default":[]}}}"#, #"{"b":2}"#, #"{"b":2,"a":1,"c":[]}"#),
        (#"{"properties":{"a":{"default":1}}}"#, "[]", "[]"),
        (#"{"default":5}"#, "{}", "{}"),
        (#"{"properties":{"o":{"properties":{"x":{"default":1}}}}}"#, #"{"o":{}}"#, #"{"o":{"x":1}}"#),
        (#"{"properties":{"o":{"properties":{"x":{"default":1}}}}}"#, "{}", "{}"),
        (#"{"properties":{"o":{"default":{},"properties":{"x":{"default":1}}}}}"#, "{}", #"{"o":{"x":1}}"#),
        (#"{"items":{"properties":{"x":{"default":1}}}}"#, #"[{},{"x":2},3]"#, #"[{"x":1},{"x":2},3]"#),
        (#"{"prefixItems":[{"properties":{"x":{"default":1}}}]}"#, "[{},{}]", #"[{"x":1},{}]"#),
        (##"{"$defs":{"n":{"default":7}},"properties":{"a":{"$ref":"#/$defs/n"}}}"##, "{}", ##"{"a":7}"##),
        (##"{"$defs":{"n":{"default":7}},"properties":{"a":{"$ref":"#/$defs/n","default":8}}}"##, "{}", ##"{"a":8}"##),
        (##"{"$defs":{"o":{"properties":{"x":{"default":1}}}},"$ref":"#/$defs/o"}"##, "{}", ##"{"x":1}"##),
        (#"{"anyOf":[{"properties":{"x":{"default":1}}}]}"#, "{}", "{}"),
        (##"{"properties":{"a":{"$ref":"#","default":{}},"b":{"default":1}}}"##, "{}", ##"{"a":{"b":1},"b":1}"##),
        (#"{"properties":{"a":{"default":null}}}"#, "{}", #"{"a":null}"#),
    ]) func fillsInWhatIsMissing(schema: String, instance: String, expected: String) throws {
        let schema = try JSONSchema(JSONValue(parsing: schema))
        #expect(try schema.filledDefaults(in: JSONValue(parsing: instance)).serialized() == expected)
    }
}
