// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore

extension SchemaSuite.Draft {
    var dialect: SchemaDialect {
        switch self {
        case .draft4: .draft4
        case .draft6: .draft6
        case .draft7: .draft7
        case .draft2019: .draft2019
        case .draft2020: .draft2020
        }
    }
}

/// The schema of a test as the suite means it: a schema without `$schema` is of the draft whose folder it is in, the
/// suite's own documents can be referred to, and `format` asserts in the tests of formats.
func compile(
    _ schema: JSONValue, for run: SchemaSuiteTests.Run, documents: [String: JSONValue]
) throws -> JSONSchema {
    let options = SchemaOptions(
        defaultDialect: run.draft.dialect, assertsFormats: run.area == .format, documents: documents)
    return try JSONSchema(schema, options: options)
}
