// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore

/// `[schema, instance, …]`, or a schema that is its own instance; the count of instances picks the dialect. No schema
/// may trap or hang, and an instance is valid exactly when it has no errors, read from a value or from a tape.
func fuzzSchema(_ bytes: [UInt8]) {
    guard let input = try? JSONValue(parsing: bytes) else { return }
    let parts = input.arrayValue ?? [input, input]
    guard let document = parts.first else { return }
    let dialects: [SchemaDialect] = [.draft2020, .draft2019, .draft7, .draft6, .draft4]
    var documents: [String: JSONValue] = [:]
    if let second = parts.dropFirst().first { documents["http://localhost:1234/other.json"] = second }
    let options = SchemaOptions(
        defaultDialect: dialects[parts.count % dialects.count], assertsFormats: bytes.count % 2 == 0,
        documents: documents)
    guard let schema = try? JSONSchema(document, options: options) else { return }
    for instance in parts.dropFirst() + [document, 0, "", [], [:]] {
        let verdict = schema.isValid(instance)
        let errors = schema.validate(instance)
        precondition(errors.isEmpty == verdict, "\(verdict), but \(errors.count) errors")
        precondition(schema.isValid(JSONTape(instance)) == verdict, "on the tape the verdict is another")
        precondition(schema.validate(instance, limit: 1).isEmpty == verdict)
        for error in errors { precondition(!error.description.isEmpty) }
    }
}
