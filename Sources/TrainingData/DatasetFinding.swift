// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// Something to say about a line of training data.
public struct DatasetFinding: Sendable, Equatable {
    public enum Severity: String, Sendable {
        /// The trainer refuses the line.
        case error
        /// The trainer takes it, and it may not be what was meant.
        case warning
    }

    public var severity: Severity
    /// Where in the line's value.
    public var pointer: JSONPointer
    public var message: String

    public init(_ severity: Severity, at pointer: JSONPointer = JSONPointer(), _ message: String) {
        self.severity = severity
        self.pointer = pointer
        self.message = message
    }
}

/// What a file is for.
public enum DatasetKind: String, Sendable, CaseIterable {
    /// Conversations: `{"messages": […]}`.
    case instruct
    /// Plain text: `{"text": "…"}`.
    case pretrain
    /// Texts or conversations with labels: `{"text": "…", "labels": {…}}`.
    case classifier

    /// What `line` looks like; `nil` when it looks like none.
    public init?(guessing line: JSONObject) {
        if line["labels"] != nil {
            self = .classifier
        } else if line["messages"] != nil || line["interactions"] != nil {
            self = .instruct
        } else if line["text"] != nil || line["content"] != nil {
            self = .pretrain
        } else {
            return nil
        }
    }
}

/// Collects what is found in one line.
struct FindingList {
    private(set) var findings: [DatasetFinding] = []

    var hasErrors: Bool { findings.contains { $0.severity == .error } }

    mutating func error(_ pointer: JSONPointer, _ message: String) {
        findings.append(DatasetFinding(.error, at: pointer, message))
    }

    mutating func warn(_ pointer: JSONPointer, _ message: String) {
        findings.append(DatasetFinding(.warning, at: pointer, message))
    }

    mutating func error(_ pointer: JSONPointer, expected: String, found value: JSONValue?) {
        error(pointer, "expected \(expected), found \(value?.typeName ?? "nothing")")
    }
}

extension String {
    /// A function's name: `^[a-zA-Z0-9_-]{1,64}$`, as mistral-common has it.
    var isFunctionName: Bool {
        (1...64).contains(utf8.count) && utf8.allSatisfy { $0.isAlphanumeric || $0 == 0x5F || $0 == 0x2D }
    }

    /// The id of a call: `^[a-zA-Z0-9]{9}$`, as the tokenizers up to v7 have it.
    var isCallID: Bool { utf8.count == 9 && utf8.allSatisfy(\.isAlphanumeric) }
}

extension UInt8 {
    fileprivate var isAlphanumeric: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
