// SPDX-License-Identifier: Apache-2.0

import HTTPCore
import HTTPTypes
import JSONCore

/// What can be learnt from the body of an error, in whichever of its forms it comes.
struct APIErrorFacts: Sendable {
    /// In the provider's words; `nil` when it said nothing.
    var message: String?
    var code: String?
    var type: String?
    var requestID: String?
    /// The HTTP status that the body names; for errors inside a stream.
    var status: Int?
    /// What guardrails of the provider say; `nil` when none took part.
    var guardrails: JSONValue?

    init() {}

    init(body: [UInt8]) {
        if let value = try? JSONValue(parsing: body) {
            self.init(value)
        } else {
            self.init(text: String(decoding: body, as: UTF8.self))
        }
    }

    /// A JSON body: `{"error":{…}}` as OpenAI and llama.cpp have it, `{"message":…}` or `{"detail":…}`.
    init(_ value: JSONValue) {
        guard let root = value.objectValue else {
            message = Self.sentence(value)
            return
        }
        guardrails = root["guardrails"].flatMap { $0.isNull ? nil : $0 }
        requestID = root["request_id"]?.stringValue
        let fields = root["error"]?.objectValue ?? root
        let said = [
            fields["message"], root["error"]?.stringValue.map { .string($0) }, root["message"], fields["detail"],
        ]
        .compactMap { $0.flatMap(Self.sentence) }
        message = said.first
        // `{"detail":"Invalid file format.","message":"…"}` says two things.
        if let detail = fields["detail"]?.stringValue, let first = message, first != detail {
            message = "\(detail) \(first)"
        }
        if let reason = root["reason"]?.stringValue { message = message.map { "\($0): \(reason)" } ?? reason }
        code = Self.word(fields["code"])
        type = fields["type"]?.stringValue
        status = (fields["raw_status_code"] ?? fields["status_code"] ?? fields["code"] ?? fields["status"])?
            .integerValue.flatMap { (400...599).contains($0) ? Int($0) : nil }
        if status.map(String.init) == code { code = nil }
    }

    /// A body that is not JSON: the title of a page, or a short text as it is.
    private init(text: String) {
        let trimmed = text.drop { $0.isWhitespace }
        guard !trimmed.isEmpty else { return }
        guard trimmed.first == "<" else {
            message = Self.oneLine(trimmed)
            return
        }
        message = "an HTML page"
        if let title = Self.title(of: trimmed) { message = "an HTML page, \"\(title)\"" }
    }

    /// The words between `<title>` and `</title>`, in either case.
    private static func title(of page: Substring) -> String? {
        for (opening, closing) in [("<title>", "</title>"), ("<TITLE>", "</TITLE>")] {
            guard let start = page.firstRange(of: opening) else { continue }
            let rest = page[start.upperBound...]
            guard let end = rest.firstRange(of: closing) else { continue }
            let title = oneLine(rest[..<end.lowerBound])
            return title.isEmpty ? nil : title
        }
        return nil
    }

    /// A message, which may be a string, a list of faults, or an object that holds one of these.
    private static func sentence(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): return text.isEmpty ? nil : oneLine(text)
        case .array(let faults):
            let sentences = faults.prefix(5).compactMap(fault)
            return sentences.isEmpty ? nil : sentences.joined(separator: "; ")
        case .object(let fields):
            return [fields["detail"], fields["message"], fields["msg"]].compactMap { $0.flatMap(sentence) }.first
        default: return nil
        }
    }

    /// `{"loc":["body","messages",0,"user","name"],"msg":"…"}` as `messages[0].user.name: …`. Its `input`, which repeats
    /// the request, is left out.
    private static func fault(_ value: JSONValue) -> String? {
        guard let fields = value.objectValue, let said = (fields["msg"] ?? fields["message"])?.stringValue else {
            return sentence(value)
        }
        var place = ""
        for (position, step) in (fields["loc"]?.arrayValue ?? []).enumerated() {
            if let index = step.integerValue {
                place += "[\(index)]"
            } else if let name = step.stringValue, position > 0 || name != "body" {
                place += place.isEmpty ? name : "." + name
            }
        }
        return oneLine(place.isEmpty ? said : "\(place): \(said)")
    }

    private static func word(_ value: JSONValue?) -> String? {
        value?.stringValue ?? value?.integerValue.map { String($0) }
    }

    /// White space runs become one space; more than 500 characters are cut.
    private static func oneLine(_ text: some StringProtocol) -> String {
        let line = text.prefix(2000).split { $0.isWhitespace }.joined(separator: " ")
        return line.count > 500 ? line.prefix(500) + "…" : line
    }
}
