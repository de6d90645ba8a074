// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// A JSON text and what is wrong with it.
struct CheckedFile {
    /// How many faults are told of one file.
    private static let faultLimit = 1000

    let name: String
    private let bytes: [UInt8]
    private let fault: JSONError?
    private let errors: [ValidationError]

    init(name: String, bytes: [UInt8], by schema: JSONSchema) {
        self.name = name
        self.bytes = bytes
        do {
            errors = schema.validate(try JSONValue(parsing: bytes), limit: Self.faultLimit)
            fault = nil
        } catch {
            errors = []
            fault = error
        }
    }

    var isValid: Bool { fault == nil && errors.isEmpty }

    var lines: String {
        if let fault {
            return line("\(fault.line ?? 1):\(fault.column ?? 1)", fault.message)
        }
        return errors.map { error in
            let place = JSONTextPlace(of: error.instanceLocation, in: bytes)
            return line(place.map { "\($0.line):\($0.column)" } ?? "1:1", "\(error)")
        }.joined() + (errors.count < Self.faultLimit ? "" : "\(Printable.escaped(name)): there may be more\n")
    }

    private func line(_ place: String, _ message: String) -> String {
        Printable.escaped("\(name):\(place): \(message)") + "\n"
    }

    var json: JSONValue {
        var fields: JSONObject = ["file": .string(name), "valid": .bool(isValid)]
        if !isValid { fields["errors"] = .array(fault.map { [unit($0)] } ?? errors.map(unit)) }
        return .object(fields)
    }

    private func unit(_ fault: JSONError) -> JSONValue {
        ["line": place(fault.line), "column": place(fault.column), "error": .string(fault.message)]
    }

    private func unit(_ error: ValidationError) -> JSONValue {
        let place = JSONTextPlace(of: error.instanceLocation, in: bytes)
        return [
            "line": self.place(place?.line), "column": self.place(place?.column),
            "instanceLocation": .string(error.instanceLocation.description),
            "keywordLocation": .string(error.evaluationPath.description),
            "absoluteKeywordLocation": .string(error.absoluteKeywordLocation), "error": .string(error.message),
        ]
    }

    private func place(_ number: Int?) -> JSONValue { .integer(Int64(number ?? 1)) }
}
