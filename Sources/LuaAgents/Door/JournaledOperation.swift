// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaRuntime

/// A request at the door that asks the world, as a journal keeps it.
struct JournaledOperation {
    let step: JournalStep
    /// Whether doing it twice comes to the same as doing it once.
    let isIdempotent: Bool

    private static let reads: Set<String> = [
        "fs.read", "fs.list", "fs.exists", "index.search", "index.documents", "index.info", "sleep", "stdin", "now",
        "clock", "random", "uuid", "embed", "ocr", "transcribe", "moderate", "classify", "models", "files.list",
        "files.get", "files.url", "batch.list", "batch.get", "batch.wait", "batch.results", "chat.load",
    ]
    private static let idempotentWrites: Set<String> = [
        "fs.write", "index.add", "index.remove", "files.download", "files.delete", "batch.cancel",
        "chat.save",
    ]
    private static let writes: Set<String> = ["exec", "files.upload", "batch.create"]
    /// RFC 9110 §9.2.1 and §9.2.2.
    private static let safeMethods: Set<String> = ["GET", "HEAD", "OPTIONS", "TRACE"]
    private static let idempotentMethods: Set<String> = ["PUT", "DELETE"]

    /// - Parameter isReadOnly: whether it is done for a tool that says it changes nothing.
    /// - Returns: `nil` for what only computes, or has steps of its own.
    init?(_ request: DoorRequest, isReadOnly: Bool) {
        let operation = request.operation
        var method = ""
        var isWrite = true
        switch operation {
        case "http":
            method = request.field("method", of: 0).uppercased()
            isWrite = !Self.safeMethods.contains(method)
            isIdempotent = Self.idempotentMethods.contains(method)
        case _ where Self.reads.contains(operation): (isWrite, isIdempotent) = (false, true)
        case _ where Self.idempotentWrites.contains(operation): isIdempotent = true
        case _ where Self.writes.contains(operation): isIdempotent = false
        default: return nil
        }
        step = JournalStep(
            operation, name: Self.name(request, method), effect: isWrite && !isReadOnly ? .write : .read,
            request: request.journalValue)
    }

    private static func name(_ request: DoorRequest, _ method: String) -> String {
        switch request.operation {
        case "http":
            let url = request.field("url", of: 0)
            return method + " " + url.prefix { $0 != "?" && $0 != "#" }
        case "exec": return request.word(0, item: 0)
        case "fs.read", "fs.write", "fs.list", "fs.exists", "chat.load", "chat.save":
            return request.word(0)
        default: return ""
        }
    }

}

extension JournalForm<DoorAnswer> {
    static var door: JournalForm {
        JournalForm(
            encode: { JournalAnswer($0.journalValue, usage: $0.sum.usage, cost: $0.sum.cost) },
            decode: { try DoorAnswer(journalValue: $0) })
    }

    /// What a variable of the environment holds is not kept: it is read again, and only whether it is set is compared.
    static var variable: JournalForm {
        JournalForm(
            encode: { answer in
                guard case .values(let message) = answer.answer else { return JournalAnswer(answer.journalValue) }
                return JournalAnswer(["set": .bool(message.count > 0)])
            },
            decode: { try DoorAnswer(journalValue: $0) })
    }
}

extension DoorRequest {
    /// What was asked, as plain JSON: the only argument if it is a table, else the list of them.
    var journalValue: JSONValue {
        let values = values.map { $0.isNil ? .null : $0.journalValue }
        return values.count == 1 ? values[0] : .array(values)
    }

    /// A member of the table at `index` that is a text; empty when there is none.
    func field(_ name: String, of index: Int) -> String {
        guard index < values.count, case .table(let members) = values[index] else { return "" }
        return members.first { $0.key.elementsEqual(name.utf8) }.map { Self.text($0.value) } ?? ""
    }

    /// The argument at `index`, or an item of it, when it is a text; empty when it is not.
    func word(_ index: Int, item: Int? = nil) -> String {
        guard index < values.count else { return "" }
        guard let item else { return Self.text(values[index]) }
        guard case .list(let items) = values[index], item < items.count else { return "" }
        return Self.text(items[item])
    }

    private static func text(_ value: LuaValue) -> String {
        switch value {
        case .string(let text): text
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        default: ""
        }
    }
}
