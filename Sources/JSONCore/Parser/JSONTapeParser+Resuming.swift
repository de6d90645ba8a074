// SPDX-License-Identifier: Apache-2.0

extension JSONTapeParser {
    /// How reading on has ended.
    enum Outcome { case complete, needsMore, failed }

    /// Reads on in a text that has grown. No byte is looked at more often than a few times, however short the pieces:
    /// what is read again is the beginning of a literal, an escape or a character, and a number once it is complete.
    static func advance(_ tape: inout JSONTape, _ state: inout JSONParseState) -> Outcome {
        if let entry = resume(&tape, &state), run(&tape, &state, from: entry), !endsInNumber(tape) { return .complete }
        if state.fault.kind == .notInt64 || state.fault.kind == .numberOutOfRange {
            // A fraction or an exponent may still bring it into range.
            guard endsInNumber(tape), startOfNumber(tape) == state.fault.offset else { return .failed }
            holdNumber(from: state.fault.offset, tape, &state)
            return .needsMore
        }
        guard state.fault.offset == tape.textCount && state.fault.kind.isAboutOneByte else { return .failed }
        if state.phase == .number { return .needsMore }
        switch state.fault.kind {
        case .digit, .fraction, .exponent: holdNumber(from: state.position, tape, &state)
        case .objectComma, .arrayComma, .trailing:
            // A digit at the very end is the end of a number, which the next digit may continue.
            guard endsInNumber(tape) else { break }
            state.count -= 1
            holdNumber(from: startOfNumber(tape), tape, &state)
        default: break
        }
        return state.phase == .done ? .complete : .needsMore
    }

    /// Reads the number that the end of the text may have cut, as complete.
    static func finish(_ tape: inout JSONTape, _ state: inout JSONParseState) -> Bool {
        if state.phase == .number {
            state.phase = .value
            return run(&tape, &state, from: .value)
        }
        return state.phase == .done
    }

    // MARK: Numbers

    private static func endsInNumber(_ tape: borrowing JSONTape) -> Bool {
        unsafe tape.textCount > 0 && tape.text[tape.textCount - 1] &- 0x30 <= 9
    }

    private static func startOfNumber(_ tape: borrowing JSONTape) -> Int {
        var start = tape.textCount
        while start > 0 {
            switch unsafe tape.text[start - 1] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                start -= 1
            default: return start
            }
        }
        return start
    }

    private static func holdNumber(from start: Int, _ tape: borrowing JSONTape, _ state: inout JSONParseState) {
        state.phase = .number
        state.position = start
        state.scanned = start
        state.grammar = .start
        _ = scanNumber(tape, &state)
    }

    /// Takes the bytes that are new into the number's grammar.
    ///
    /// - Returns: whether the number is complete; if not, the fault says what is wrong or missing.
    private static func scanNumber(_ tape: borrowing JSONTape, _ state: inout JSONParseState) -> Bool {
        while state.scanned < tape.textCount {
            switch state.grammar.step(unsafe tape.text[state.scanned]) {
            case .next(let grammar): state.grammar = grammar
            case .end: return true
            case .fault(let kind):
                state.fail(kind, at: state.scanned)
                return false
            }
            state.scanned += 1
        }
        state.fail(state.grammar.expected, at: tape.textCount)
        return false
    }

    // MARK: Structure

    /// Finishes what was cut off, up to where the loop can go on.
    ///
    /// - Returns: `nil` when that needs more bytes or has failed.
    private static func resume(_ tape: inout JSONTape, _ state: inout JSONParseState) -> Entry? {
        switch state.phase {
        case .value: return .value
        case .afterValue, .done: return .afterValue
        case .number:
            guard scanNumber(tape, &state) else { return nil }
            state.phase = .value
            return .value
        case .string: return resumeString(&tape, &state)
        case .firstElement: return resumeFirstElement(tape, &state)
        case .firstKey, .key: return resumeKey(&tape, &state)
        case .colon: return resumeColon(tape, &state)
        }
    }

    private static func resumeFirstElement(_ tape: borrowing JSONTape, _ state: inout JSONParseState) -> Entry? {
        let byte = nextByte(tape, &state)
        if byte == UInt8(ascii: "]") {
            state.position += 1
            return .close
        }
        if state.position == tape.textCount {
            state.fail(.firstElement, at: state.position)
            return nil
        }
        unsafe tape.frames[state.depth].length = 1
        return .value
    }

    private static func resumeKey(_ tape: inout JSONTape, _ state: inout JSONParseState) -> Entry? {
        let isFirst = state.phase == .firstKey
        let byte = nextByte(tape, &state)
        if byte == UInt8(ascii: "\"") {
            if isFirst { unsafe tape.frames[state.depth].length = 1 }
            let start = unsafe tape.text + state.position + 1
            let isComplete = unsafe restOfString(
                from: start, to: start, start, tape.slots + state.count, tape.text, tape.text + tape.textCount, &state)
            state.isKey = true
            return isComplete ? admitKey(&tape, &state) : nil
        }
        if isFirst && byte == UInt8(ascii: "}") {
            state.position += 1
            return .close
        }
        state.fail(isFirst ? .firstKey : .key, at: state.position)
        return nil
    }

    private static func admitKey(_ tape: inout JSONTape, _ state: inout JSONParseState) -> Entry? {
        let slot = unsafe tape.slots[state.count]
        let length = unsafe tape.frames[state.depth].length
        if unsafe tape.frames[state.depth].seen.insert(JSONKeyFilter.hash(tape.text, slot)) {
            guard isNew(&tape, key: state.count, depth: state.depth, length: length) else {
                state.fail(.duplicateKey, at: slot.offset - 1)
                return nil
            }
            if length > scanLimit { unsafe tape.frames[state.depth].seen = .full }
        }
        state.count += 1
        return resumeColon(tape, &state)
    }

    private static func resumeColon(_ tape: borrowing JSONTape, _ state: inout JSONParseState) -> Entry? {
        guard nextByte(tape, &state) == UInt8(ascii: ":") else {
            state.phase = .colon
            state.fail(.colon, at: state.position)
            return nil
        }
        state.position += 1
        state.phase = .value
        return .value
    }

    private static func resumeString(_ tape: inout JSONTape, _ state: inout JSONParseState) -> Entry? {
        let base = unsafe tape.text
        let isComplete = unsafe restOfString(
            from: base + state.position, to: base + state.stringEnd, base + state.stringStart, tape.slots + state.count,
            base, base + tape.textCount, &state)
        guard isComplete else { return nil }
        if state.isKey { return admitKey(&tape, &state) }
        state.count += 1
        return .afterValue
    }

    /// The next byte that is not white space, 0 at the end; moves there.
    private static func nextByte(_ tape: borrowing JSONTape, _ state: inout JSONParseState) -> UInt8 {
        var p = unsafe tape.text + state.position
        unsafe skipSpace(&p)
        unsafe state.position = p - tape.text
        return unsafe p[0]
    }
}
