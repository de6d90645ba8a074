// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc

/// A schema on the command line: a file, JSON, or the short notation `name, authors[]`.
enum SchemaArgument {
    /// - Parameter flag: what errors in the argument itself are said of.
    /// - Throws: ``UsageError``.
    static func read(_ argument: String, flag: String) throws -> JSONSchema {
        do {
            return try JSONSchema(try document(argument, flag: flag), options: .assertingFormats)
        } catch let error as SchemaError {
            throw UsageError("\(place(argument, flag)): \(error)")
        }
    }

    private static func document(_ argument: String, flag: String) throws -> JSONValue {
        if argument == "-" { throw UsageError("\(flag): a schema is not read from stdin") }
        if !isInline(argument), access(argument, F_OK) == 0 || looksLikePath(argument) {
            return try parse(try ScriptFile(argument).source, argument)
        }
        if isInline(argument) { return try parse(Array(argument.utf8), flag) }
        do {
            return try SchemaNotation(argument).document
        } catch {
            throw UsageError("\(flag) '\(argument)': no such file, and as a list of fields: \(error)")
        }
    }

    private static func parse(_ bytes: [UInt8], _ place: String) throws -> JSONValue {
        do {
            return try JSONValue(parsing: bytes)
        } catch {
            throw UsageError("\(place): \(error)")
        }
    }

    private static func isInline(_ argument: String) -> Bool {
        argument.first { !$0.isWhitespace } == "{" || argument == "true" || argument == "false"
    }
    private static func looksLikePath(_ argument: String) -> Bool {
        argument.contains("/") || argument.hasSuffix(".json")
    }
    private static func place(_ argument: String, _ flag: String) -> String { isInline(argument) ? flag : argument }
}
