// SPDX-License-Identifier: Apache-2.0

import ECMARegex
import Testing

@Suite struct ShapeTests {
    @Test(
        arguments: [
            ("", .everything), (".*", .everything), ("^", .everything), ("$", .everything),
            (#"^[\s\S]*$"#, .everything),
            (#"^(.|[\n\r\u2028\u2029])*$"#, .everything), (#"^(.|\n)*$"#, .general), ("^x-", .prefix("x-")),
            ("^x-.*", .prefix("x-")), (#"^\$"#, .prefix("$")),
            (#"\.json$"#, .suffix(".json")), ("a*foo", .contains("foo")), ("^é$", .oneOf(["é"])), ("^$", .oneOf([""])),
            ("^(a|bc|)$", .oneOf(["a", "bc", ""])), ("^a$|^b$", .oneOf(["a", "b"])), ("^.*$", .general),
            ("^a|b$", .general), (#"a\b"#, .general), (#"^\ud800"#, .general), ("(?i:foo)", .general),
        ] as [(String, ECMARegex.Shape)]) func shapeOfPattern(pattern: String, shape: ECMARegex.Shape) throws
    {
        #expect(try ECMARegex(pattern).shape == shape)
    }
}
