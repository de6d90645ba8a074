// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Reads a text in every way there is and holds them to one verdict, one value and one error; what is accepted must
/// come back from writing and reading, and each state in between must have a partial value.
func fuzzJSON(_ bytes: [UInt8]) {
    let whole = read(bytes)
    var tape = JSONTape()
    let onTape = Result { () throws(JSONError) in try tape.parse(bytes) }
    switch (whole, onTape) {
    case (.success(let value), .success):
        precondition(JSONValue(tape) == value, "the tape holds another value")
        checkWriting(value)
    case (.failure(let error), .failure(let other)): precondition(error == other, "the tape gives another error")
    default: preconditionFailure("the tape gives another verdict")
    }
    precondition(read(bytes, step: 1) == whole, "byte by byte it is read otherwise")
    let step = Int(bytes.first ?? 0) % 17 + 2
    precondition(read(bytes, step: step) == whole, "in pieces it is read otherwise")
}

private func read(_ bytes: [UInt8]) -> Result<JSONValue, JSONError> {
    Result { () throws(JSONError) in try JSONValue(parsing: bytes) }
}

private func read(_ bytes: [UInt8], step: Int) -> Result<JSONValue, JSONError> {
    let looks = bytes.count <= 512
    return Result { () throws(JSONError) in
        var parser = JSONIncrementalParser()
        for start in stride(from: 0, to: bytes.count, by: step) {
            try parser.feed(bytes[start..<min(start + step, bytes.count)])
            if looks, let value = parser.partialValue { precondition((try? value.serialized()) != nil) }
        }
        let partial = parser.partialValue
        let value = try parser.finish()
        if case .object = value { precondition(partial == value, "at the end the partial value is another") }
        if case .array = value { precondition(partial == value, "at the end the partial value is another") }
        return value
    }
}

private func checkWriting(_ value: JSONValue) {
    for indent in [nil, 2] {
        guard let text = try? value.serializedBytes(indent: indent), let again = try? JSONValue(parsing: text) else {
            preconditionFailure("what was read is not written, or not read again")
        }
        precondition(again == value, "written and read again it is another value")
        precondition((try? again.serializedBytes(indent: indent)) == text, "written again it is another text")
    }
}
