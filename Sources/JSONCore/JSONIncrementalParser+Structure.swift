// SPDX-License-Identifier: Apache-2.0

extension JSONIncrementalParser {
    /// What is missing when the text ends here.
    var expectedAtEnd: JSONFailure.Kind {
        switch state {
        case .value(let kind): kind
        case .firstElement: .firstElement
        case .firstKey: .firstKey
        case .key: .key
        case .colon: .colon
        case .afterValue: containers.last?.isObject == true ? .objectComma : .arrayComma
        case .done: .value
        case .string: .controlCharacter
        case .escape: .escape
        case .codeUnit, .lowBackslash, .lowLetter: .hexDigit
        case .number: numberState.expected
        case .literal: literal.kind
        }
    }

    /// Takes a byte that is not white space and not inside a token.
    mutating func takeStructure(_ byte: UInt8) throws(JSONFailure) {
        switch (state, byte) {
        case (.firstElement, UInt8(ascii: "]")), (.firstKey, UInt8(ascii: "}")): try closeContainer()
        case (.firstElement, _): try startValue(byte, expecting: .firstElement)
        case (.value(let kind), _): try startValue(byte, expecting: kind)
        case (.firstKey, UInt8(ascii: "\"")), (.key, UInt8(ascii: "\"")): startString(isKey: true)
        case (.colon, UInt8(ascii: ":")): state = .value(.value)
        case (.afterValue, _): try takeAfterValue(byte)
        case (.done, _): throw failure(.trailing)
        default: throw failure(expectedAtEnd)
        }
    }

    private mutating func takeAfterValue(_ byte: UInt8) throws(JSONFailure) {
        let isObject = containers.last?.isObject == true
        switch byte {
        case UInt8(ascii: ","): state = isObject ? .key : .value(.value)
        case isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"): try closeContainer()
        default: throw failure(isObject ? .objectComma : .arrayComma)
        }
    }

    private mutating func startValue(_ byte: UInt8, expecting kind: JSONFailure.Kind) throws(JSONFailure) {
        switch byte {
        case UInt8(ascii: "\""):
            try countValue()
            startString(isKey: false)
        case UInt8(ascii: "{"), UInt8(ascii: "["): try openContainer(isObject: byte == UInt8(ascii: "{"))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            try countValue()
            startToken()
            numberState = .start
            state = .number
            try takeInNumber(byte)
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
            try countValue()
            startToken()
            token.append(byte)
            state = .literal
        default: throw failure(kind)
        }
    }

    private mutating func countValue() throws(JSONFailure) {
        valuesLeft -= 1
        if valuesLeft < 0 { throw failure(.values) }
    }

    mutating func startToken() {
        token.removeAll(keepingCapacity: true)
        tokenStart = offset
        continuationBytesAtToken = continuationBytes
    }

    private mutating func openContainer(isObject: Bool) throws(JSONFailure) {
        try countValue()
        if containers.count >= limits.effectiveDepth { throw failure(.depth) }
        containers.append(Container(isObject: isObject))
        state = isObject ? .firstKey : .firstElement
    }

    private mutating func closeContainer() throws(JSONFailure) {
        guard let closed = containers.popLast() else { return }
        endValue(closed.isObject ? .object(closed.object) : .array(closed.elements))
    }

    /// Puts a complete value where it belongs.
    mutating func endValue(_ value: JSONValue) {
        guard let innermost = containers.indices.last else {
            root = value
            state = .done
            return
        }
        if containers[innermost].isObject {
            containers[innermost].object.appendKnownNew(containers[innermost].key, value)
        } else {
            containers[innermost].elements.append(value)
        }
        state = .afterValue
    }

    mutating func endKey(_ key: String) throws(JSONFailure) {
        let innermost = containers.count - 1
        if containers[innermost].object[key] != nil {
            throw JSONFailure(kind: .duplicateKey, offset: tokenStart)
        }
        containers[innermost].key = key
        state = .colon
    }

    func failure(_ kind: JSONFailure.Kind) -> JSONFailure { JSONFailure(kind: kind, offset: offset) }
}

extension JSONIncrementalParser {
    /// The value as far as it has come; `nil` before the first byte of one.
    ///
    /// Open arrays and objects hold what is complete in them, and an open string its text so far. Held back are a
    /// number or literal until the byte behind it, a key until its value begins, and the unfinished end of an escape or
    /// character. So each partial value is the beginning of the next one. Costs a copy of the open containers.
    public var partialValue: JSONValue? {
        if let root { return root }
        var inner = openText.map(JSONValue.string)
        for container in containers.reversed() {
            if container.isObject {
                var object = container.object
                if let inner { object.appendKnownNew(container.key, inner) }
                inner = .object(object)
            } else {
                inner = .array(container.elements + (inner.map { [$0] } ?? []))
            }
        }
        return inner
    }

    /// The text of the string value that is open.
    private var openText: String? {
        switch state {
        case .string, .escape, .codeUnit, .lowBackslash, .lowLetter:
            if isKey { return nil }
            let unfinished = checker.isInsideSequence ? checker.received : 0
            return String(decoding: token.dropLast(unfinished), as: UTF8.self)
        default: return nil
        }
    }
}
