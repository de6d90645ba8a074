// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension ModelError {
    var journalValue: JSONValue {
        var fields: JSONObject = ["code": .string(code.rawValue), "message": .string(message)]
        fields["status"] = status.map { .integer(Int64($0)) }
        fields["provider_code"] = providerCode.map { .string($0) }
        fields["request_id"] = requestID.map { .string($0) }
        fields["retry_after"] = retryAfter.map { .integer($0.microseconds) }
        fields["partial_text"] = partialText.map { .string($0) }
        if !findings.isEmpty { fields["findings"] = .array(findings.map(\.journalValue)) }
        return .object(fields)
    }

    init(journalValue value: JSONValue) {
        self.init(
            Code(rawValue: value["code"]?.stringValue ?? ""), value["message"]?.stringValue ?? "",
            status: value["status"]?.integerValue.map { Int($0) }, providerCode: value["provider_code"]?.stringValue,
            requestID: value["request_id"]?.stringValue,
            retryAfter: value["retry_after"]?.integerValue.map { .microseconds($0) },
            partialText: value["partial_text"]?.stringValue,
            findings: value["findings"]?.arrayValue?.compactMap { ProviderFinding(journalValue: $0) } ?? [])
    }
}
