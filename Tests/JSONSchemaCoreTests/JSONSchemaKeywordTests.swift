// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import Testing

@Suite struct JSONSchemaKeywordTests {
    @Test(arguments: [
        SchemaCase("true", valid: ["1", "null", "{}"], invalid: []),
        SchemaCase("false", valid: [], invalid: ["1", "null", "{}"]),
        SchemaCase("{}", valid: ["1", "null", "{}"], invalid: []),
        SchemaCase(
            #"{"type":"integer"}"#, valid: ["1", "1.0", "-0", "1e3", "12345678901234567890"],
            invalid: ["1.5", "\"1\"", "null"]),
        SchemaCase(#"{"type":"number"}"#, valid: ["1", "1.5"], invalid: ["\"1\"", "true"]),
        SchemaCase(#"{"type":"string"}"#, valid: ["\"\""], invalid: ["1", "null", "[]"]),
        SchemaCase(#"{"type":"boolean"}"#, valid: ["true", "false"], invalid: ["0", "\"true\""]),
        SchemaCase(#"{"type":"null"}"#, valid: ["null"], invalid: ["0", "false", "\"\""]),
        SchemaCase(#"{"type":"array"}"#, valid: ["[]"], invalid: ["{}"]),
        SchemaCase(#"{"type":"object"}"#, valid: ["{}"], invalid: ["[]"]),
        SchemaCase(#"{"type":["string","null"]}"#, valid: ["\"a\"", "null"], invalid: ["1", "[]"]),
        SchemaCase(
            #"{"enum":["a",1,null,[1],{"x":1.0}]}"#, valid: ["\"a\"", "1", "1.0", "null", "[1.0]", "{\"x\":1}"],
            invalid: ["\"b\"", "2", "true", "[1,1]", "{}"]),
        SchemaCase(#"{"enum":["é"]}"#, valid: ["\"\\u00e9\""], invalid: ["\"e\\u0301\""]),
        SchemaCase(
            #"{"enum":["a","b","c","d","e","f","g","h","i","j","a"]}"#, valid: ["\"a\"", "\"j\""],
            invalid: ["\"k\"", "1"]),
        SchemaCase(#"{"enum":[false]}"#, valid: ["false"], invalid: ["0", "[false]"]),
        SchemaCase(#"{"const":{"a":[1,2]}}"#, valid: [#"{"a":[1,2.0]}"#], invalid: [#"{"a":[2,1]}"#, "null"]),
        SchemaCase(#"{"const":9007199254740993}"#, valid: ["9007199254740993"], invalid: ["9007199254740992.0"]),
        SchemaCase(#"{"const":null}"#, valid: ["null"], invalid: ["0"]),
    ]) func holdsForAnyInstance(testCase: SchemaCase) throws { try testCase.check() }

    @Test(arguments: [
        SchemaCase(#"{"minimum":1.1}"#, valid: ["1.1", "2", "\"x\""], invalid: ["1", "1.0999"]),
        SchemaCase(#"{"maximum":3}"#, valid: ["3", "3.0", "-1e300"], invalid: ["3.0000001", "4"]),
        SchemaCase(#"{"exclusiveMinimum":0}"#, valid: ["0.1", "1"], invalid: ["0", "-0.0", "-1"]),
        SchemaCase(#"{"exclusiveMaximum":3.0}"#, valid: ["2.9"], invalid: ["3", "4"]),
        SchemaCase(
            #"{"minimum":9007199254740993}"#, valid: ["9007199254740993", "9007199254740994.0", "1e300"],
            invalid: ["9007199254740992.0", "-1e300"]),
        SchemaCase(
            #"{"maximum":9223372036854775807}"#, valid: ["9223372036854775807"], invalid: ["9223372036854775808"]),
        SchemaCase(#"{"maximum":9.5}"#, valid: ["9"], invalid: ["10"]),
        SchemaCase(#"{"minimum":-1.5}"#, valid: ["-1"], invalid: ["-2"]),
        SchemaCase(#"{"multipleOf":2}"#, valid: ["4", "-4", "0", "1e300", "4.0"], invalid: ["7", "4.5"]),
        SchemaCase(#"{"multipleOf":0.01}"#, valid: ["19.99", "4.35", "0.07", "1", "0"], invalid: ["19.999", "0.005"]),
        SchemaCase(#"{"multipleOf":0.0001}"#, valid: ["0.0075"], invalid: ["0.00751"]),
        SchemaCase(#"{"multipleOf":1.5}"#, valid: ["0", "4.5", "3"], invalid: ["35"]),
        SchemaCase(#"{"multipleOf":1e-8}"#, valid: ["12391239123"], invalid: ["1e-9"]),
        SchemaCase(#"{"type":"number","multipleOf":0.123456789}"#, valid: ["0.246913578"], invalid: ["1e308"]),
        SchemaCase(
            #"{"multipleOf":10}"#, valid: ["1e2", "-9223372036854775800"], invalid: ["-9223372036854775808", "0.1"]),
    ]) func holdsForNumbers(testCase: SchemaCase) throws { try testCase.check() }

    @Test(arguments: [
        SchemaCase(
            #"{"minLength":2}"#, valid: ["\"ab\"", "\"\u{1F600}\u{1F600}\"", "1"], invalid: ["\"a\"", "\"\u{1F600}\""]),
        SchemaCase(
            #"{"maxLength":2}"#, valid: ["\"ab\"", "\"\u{1F600}\u{1F600}\"", "\"e\u{301}\""],
            invalid: ["\"abc\"", "\"e\u{301}x\""]),
        SchemaCase(#"{"maxLength":2.0}"#, valid: ["\"ab\""], invalid: ["\"abc\""]),
        SchemaCase(#"{"pattern":"^a*$"}"#, valid: ["\"\"", "\"aaa\"", "5"], invalid: ["\"ab\"", "\"a\\n\""]),
        SchemaCase(#"{"pattern":"a+"}"#, valid: ["\"xaay\""], invalid: ["\"xy\""]),
        SchemaCase(
            #"{"pattern":"^[A-Za-z0-9_-]{1,4}$"}"#, valid: ["\"a_-Z\""],
            invalid: ["\"\"", "\"abcde\"", "\"é\"", "\"a b\""]),
        SchemaCase(
            #"{"pattern":"^\\d{4}-\\d{2}-\\d{2}$"}"#, valid: ["\"2024-01-31\""],
            invalid: ["\"2024-1-31\"", "\"2024-01-31T\"", "\"٢٠٢٤-٠١-٣١\""]),
        SchemaCase(
            #"{"pattern":"^(a|b)c?$"}"#, valid: ["\"a\"", "\"bc\""], invalid: ["\"c\"", "\"abc\"", "\"a\\n\""]),
        SchemaCase(#"{"pattern":"\\d"}"#, valid: ["\"x1\""], invalid: ["\"\u{663}\""]),
        SchemaCase(#"{"pattern":"^.$"}"#, valid: ["\"\u{1F600}\"", "\"é\""], invalid: ["\"e\u{301}\"", "\"\""]),
    ]) func holdsForStrings(testCase: SchemaCase) throws { try testCase.check() }

    @Test(arguments: [
        SchemaCase(#"{"minItems":1,"maxItems":2}"#, valid: ["[1]", "[1,2]", "\"\""], invalid: ["[]", "[1,2,3]"]),
        SchemaCase(#"{"items":{"type":"integer"}}"#, valid: ["[]", "[1,2]", "{}"], invalid: ["[1,\"a\"]"]),
        SchemaCase(#"{"items":false}"#, valid: ["[]"], invalid: ["[1]"]),
        SchemaCase(
            #"{"prefixItems":[{"type":"string"},{"type":"integer"}]}"#, valid: ["[]", "[\"a\"]", "[\"a\",1,null]"],
            invalid: ["[1]", "[\"a\",\"b\"]"]),
        SchemaCase(
            #"{"prefixItems":[{}],"items":{"type":"integer"}}"#, valid: ["[\"a\",1]", "[null]"], invalid: ["[1,\"a\"]"]),
        SchemaCase(#"{"prefixItems":[{}],"items":false}"#, valid: ["[1]", "[]"], invalid: ["[1,2]"]),
        SchemaCase(
            #"{"items":[{"type":"string"}],"additionalItems":{"type":"integer"}}"#, valid: ["[\"a\",1]"],
            invalid: ["[1]", "[\"a\",\"b\"]"]),
        SchemaCase(
            #"{"$schema":"http://json-schema.org/draft-07/schema#","items":[{"type":"string"}],"additionalItems":false}"#,
            valid: ["[\"a\"]"], invalid: ["[\"a\",\"b\"]"]),
        SchemaCase(#"{"$schema":"http://json-schema.org/draft-07/schema#","items":[]}"#, valid: ["[1]"], invalid: []),
        SchemaCase(
            #"{"$schema":"https://json-schema.org/draft/2020-12/schema","additionalItems":false}"#, valid: ["[1]"],
            invalid: []),
        SchemaCase(#"{"items":{"type":"string"},"additionalItems":false}"#, valid: ["[\"a\"]"], invalid: []),
        SchemaCase(#"{"contains":{"minimum":5}}"#, valid: ["[1,5]"], invalid: ["[]", "[1,4]"]),
        SchemaCase(
            #"{"contains":{"const":1},"minContains":2,"maxContains":3}"#, valid: ["[1,1]", "[1,2,1,1]"],
            invalid: ["[1]", "[1,1,1,1]"]),
        SchemaCase(#"{"contains":{"const":1},"minContains":0}"#, valid: ["[]", "[2]"], invalid: []),
        SchemaCase(#"{"minContains":5,"maxContains":0}"#, valid: ["[]", "[1]"], invalid: []),
        SchemaCase(
            #"{"uniqueItems":true}"#,
            valid: ["[1,2]", "[1,true]", "[\"a\",[\"a\"]]", "[{\"a\":1},{\"a\":2}]", "[\"é\",\"e\u{301}\"]"],
            invalid: ["[1,1.0]", "[{\"a\":1,\"b\":2},{\"b\":2.0,\"a\":1}]", "[[1],[1]]"]),
        SchemaCase(
            #"{"uniqueItems":true}"#, valid: ["[\(array(0..<100))]"],
            invalid: ["[\(array(0..<100)),55.0]", "[\(array(0..<50)),[{\"a\":1.0}],[{\"a\":1}]]"]),
        SchemaCase(#"{"uniqueItems":false}"#, valid: ["[1,1]"], invalid: []),
    ]) func holdsForArrays(testCase: SchemaCase) throws { try testCase.check() }

    @Test(arguments: [
        SchemaCase(
            #"{"required":["a","b","a"]}"#, valid: [#"{"b":1,"a":null}"#, "[]"],
            invalid: ["{}", #"{"a":1}"#, #"{"a":1,"c":1}"#]),
        SchemaCase(
            #"{"properties":{"a":{"type":"integer"},"b":false}}"#, valid: ["{}", #"{"a":1,"z":"x"}"#],
            invalid: [#"{"a":"x"}"#, #"{"b":1}"#]),
        SchemaCase(
            #"{"properties":{"é":{"type":"integer"}},"additionalProperties":false}"#, valid: [#"{"é":1}"#],
            invalid: [#"{"é":1}"#.decomposed, #"{"é":"x"}"#]),
        SchemaCase(
            #"{"properties":{"a":{}},"additionalProperties":false}"#, valid: ["{}", #"{"a":1}"#],
            invalid: [#"{"b":1}"#, #"{"a":1,"b":1}"#]),
        SchemaCase(
            #"{"properties":{"a":{}},"required":["b"],"additionalProperties":false}"#, valid: [],
            invalid: ["{}", #"{"b":1}"#, #"{"a":1}"#]),
        SchemaCase(#"{"additionalProperties":{"type":"integer"}}"#, valid: [#"{"a":1}"#], invalid: [#"{"a":"x"}"#]),
        SchemaCase(
            #"{"patternProperties":{"^x-":{"type":"integer"},"y$":{"minimum":5}},"additionalProperties":false}"#,
            valid: [#"{"x-a":1,"ay":7,"x-y":5}"#], invalid: [#"{"x-a":"b"}"#, #"{"x-y":1}"#, #"{"z":1}"#]),
        SchemaCase(
            #"{"properties":{"foo":{"maxItems":1}},"patternProperties":{"f.o":{"minItems":1}}}"#,
            valid: [#"{"foo":[1]}"#], invalid: [#"{"foo":[]}"#, #"{"foo":[1,2]}"#, #"{"fxo":[]}"#]),
        SchemaCase(#"{"propertyNames":{"maxLength":3}}"#, valid: [#"{"abc":1}"#, "{}"], invalid: [#"{"abcd":1}"#]),
        SchemaCase(
            #"{"minProperties":1,"maxProperties":2}"#, valid: [#"{"a":1}"#, #"{"a":1,"b":1}"#, "1"],
            invalid: ["{}", #"{"a":1,"b":1,"c":1}"#]),
        SchemaCase(
            #"{"dependentRequired":{"a":["b","c"]}}"#, valid: ["{}", #"{"b":1}"#, #"{"a":1,"b":1,"c":1}"#],
            invalid: [#"{"a":1,"b":1}"#]),
        SchemaCase(
            #"{"dependentSchemas":{"a":{"required":["b"],"properties":{"a":{"type":"integer"}}}}}"#,
            valid: [#"{"a":1,"b":1}"#, "{}", #"{"b":"x"}"#], invalid: [#"{"a":1}"#, #"{"a":"x","b":1}"#]),
        SchemaCase(
            #"{"$schema":"http://json-schema.org/draft-07/schema#","dependencies":{"a":["b"],"c":{"minProperties":2}}}"#,
            valid: [#"{"a":1,"b":1}"#, "{}"], invalid: [#"{"a":1}"#, #"{"c":1}"#]),
        SchemaCase(
            #"{"properties":{\#((0..<20).map { "\"p\($0)\":{\"const\":\($0)}" }.joined(separator: ","))},"additionalProperties":false}"#,
            valid: [#"{"p19":19,"p0":0}"#], invalid: [#"{"p19":1}"#, #"{"p20":20}"#]),
    ]) func holdsForObjects(testCase: SchemaCase) throws { try testCase.check() }

    @Test(arguments: [
        SchemaCase(#"{"allOf":[{"minimum":1},{"maximum":3}]}"#, valid: ["2", "\"x\""], invalid: ["0", "4"]),
        SchemaCase(#"{"anyOf":[{"type":"string"},{"minimum":5}]}"#, valid: ["\"a\"", "5", "null"], invalid: ["4"]),
        SchemaCase(#"{"oneOf":[{"type":"integer"},{"minimum":2}]}"#, valid: ["1", "2.5"], invalid: ["3", "1.5"]),
        SchemaCase(#"{"not":{"type":"string"}}"#, valid: ["1"], invalid: ["\"a\""]),
        SchemaCase(
            #"{"if":{"type":"string"},"then":{"minLength":2},"else":{"type":"null"}}"#, valid: ["\"ab\"", "null"],
            invalid: ["\"a\"", "1"]),
        SchemaCase(#"{"then":{"type":"string"},"else":false}"#, valid: ["1", "\"a\""], invalid: []),
        SchemaCase(#"{"if":false,"then":false}"#, valid: ["1"], invalid: []),
        SchemaCase(
            #"{"type":"integer","allOf":[{"minimum":1}],"not":{"const":7}}"#, valid: ["1"],
            invalid: ["7", "0", "\"x\""]),
    ]) func combinesSchemas(testCase: SchemaCase) throws { try testCase.check() }

    @Test(arguments: [
        SchemaCase(
            #"{"title":"t","description":"d","default":1,"examples":[1],"$comment":"c","format":"email","deprecated":true,"readOnly":true,"contentEncoding":"base64"}"#,
            valid: ["1", "\"no mail\""], invalid: []),
        SchemaCase(#"{"unknownKeyword":{"type":"string"},"Minimum":5}"#, valid: ["1"], invalid: []),
        SchemaCase(#"{"unevaluatedProperties":true}"#, valid: ["{\"a\":1}"], invalid: []),
        SchemaCase(
            #"{"$schema":"http://json-schema.org/draft-04/schema#","const":1,"if":false,"propertyNames":false,"unevaluatedItems":false}"#,
            valid: ["2", "{\"a\":1}"], invalid: []),
        SchemaCase(
            #"{"$schema":"http://json-schema.org/draft-04/schema#","minimum":1,"exclusiveMinimum":true,"additionalProperties":false}"#,
            valid: ["2", "{}"], invalid: ["1", "{\"a\":1}"]),
        SchemaCase(
            #"{"$schema":"http://json-schema.org/draft-04/schema","maximum":1,"exclusiveMaximum":false,"additionalProperties":true}"#,
            valid: ["1", "{\"a\":1}"], invalid: ["2"]),
    ]) func ignoresWhatRestrictsNothing(testCase: SchemaCase) throws { try testCase.check() }

    static func array(_ range: Range<Int>) -> String { range.map(String.init).joined(separator: ",") }
}

extension String {
    fileprivate var decomposed: String { replacing("é", with: "e\u{301}") }
}
