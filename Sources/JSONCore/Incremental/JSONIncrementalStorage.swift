// SPDX-License-Identifier: Apache-2.0

/// What a ``JSONIncrementalParser`` holds.
///
/// `@unchecked Sendable`: the parser, a value type, makes its own copy before it changes one that is shared, and reading
/// changes nothing.
final class JSONIncrementalStorage: @unchecked Sendable {
    private var tape = JSONTape()
    private var state: JSONParseState
    private(set) var error: JSONError?
    /// The end of what has been fed.
    private var place = JSONTextPosition()
    /// The opening quote of the string that is open.
    private var stringPlace = JSONTextPosition()

    init(limits: JSONLimits) {
        state = JSONParseState(limits: limits)
        tape.reset()
        tape.startParse()
    }

    init(copying other: JSONIncrementalStorage) {
        tape = JSONTape(copying: other.tape, slots: other.state.count + 2, frames: other.state.depth + 1)
        (state, error) = (other.state, other.error)
        (place, stringPlace) = (other.place, other.stringPlace)
    }

    var isComplete: Bool { state.phase == .done && error == nil }

    /// - Returns: what is wrong with the text.
    func feed(_ bytes: UnsafeRawBufferPointer) -> JSONError? {
        if let error { return error }
        if bytes.count > state.limits.bytes - tape.textCount {
            state.fail(.size, at: max(state.limits.bytes, 0))
            return unsafe fail(feeding: bytes)
        }
        if unsafe bytes.isEmpty { return nil }
        let before = tape.textCount
        unsafe tape.append(bytes)
        if JSONTapeParser.advance(&tape, &state) == .failed { return unsafe fail(feeding: bytes) }
        unsafe move(over: bytes, from: before)
        tape.closeVirtually(state)
        return nil
    }

    /// - Returns: what is wrong with the text.
    func finish() -> JSONError? {
        if let error { return error }
        if JSONTapeParser.finish(&tape, &state) {
            tape.closeVirtually(state)
            return nil
        }
        return unsafe fail(feeding: UnsafeRawBufferPointer(start: nil, count: 0))
    }

    /// Whether there is a value to look at.
    var hasValue: Bool { state.depth > 0 || state.phase == .done || hasOpenString }

    /// Whether the last value is a string whose end has not come.
    var hasOpenString: Bool { state.phase == .string && !state.isKey }

    var depth: Int { state.depth }

    @inline(__always)
    func withView<Result, Failure: Error>(_ body: (JSONTapeView) throws(Failure) -> Result) throws(Failure) -> Result {
        try unsafe tape.withView(body)
    }

    // MARK: Places

    private func move(over bytes: UnsafeRawBufferPointer, from before: Int) {
        var rest = unsafe bytes[...]
        let quote = state.stringStart - 1
        if state.phase == .string && quote >= before {
            unsafe place.advance(over: UnsafeRawBufferPointer(rebasing: bytes[..<(quote - before)]))
            stringPlace = place
            unsafe rest = unsafe bytes[(quote - before)...]
        }
        unsafe place.advance(over: UnsafeRawBufferPointer(rebasing: rest))
    }

    /// Gives the fault its words and its place. `bytes` are the newest of the text.
    private func fail(feeding bytes: UnsafeRawBufferPointer) -> JSONError {
        let fault = state.fault
        let before = fault.kind == .size ? tape.textCount : tape.textCount - bytes.count
        var found: UInt8?
        var place = place
        if fault.offset >= before {
            let offset = fault.offset - before
            unsafe place.advance(over: UnsafeRawBufferPointer(rebasing: bytes[..<min(offset, bytes.count)]))
            if offset < bytes.count { found = unsafe bytes[offset] }
        } else if fault.kind == .duplicateKey {
            place = stringPlace
        } else {
            // A token that began in an earlier piece; what is not complete of it has not been decoded yet.
            unsafe place.retreat(
                over: UnsafeRawBufferPointer(start: tape.text + fault.offset, count: before - fault.offset))
        }
        let error = fault.error(
            found: found, line: place.line, column: place.column,
            token: fault.kind == .duplicateKey ? tape.newestKey(state.count) : nil, limits: state.limits)
        self.error = error
        return error
    }
}

extension JSONTape {
    /// The slots, frames and text of a tape that a parse has been filling.
    init(copying other: borrowing JSONTape, slots: Int, frames: Int) {
        self.init()
        unsafe self.slots.deallocate()
        unsafe self.frames.deallocate()
        slotCapacity = other.slotCapacity
        unsafe self.slots = .allocate(capacity: slotCapacity)
        unsafe self.slots.update(from: other.slots, count: min(slots, slotCapacity))
        frameCapacity = other.frameCapacity
        unsafe self.frames = .allocate(capacity: frameCapacity)
        unsafe self.frames.update(from: other.frames, count: frames)
        makeTextRoom(other.textCount)
        unsafe text.update(from: other.text, count: other.textCount + Self.padding)
        textCount = other.textCount
        count = other.count
        keys = other.keys
    }

    /// Adds to the end of the text.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        makeTextRoom(bytes.count)
        unsafe UnsafeMutableRawPointer(text + textCount).copyMemory(from: start, byteCount: bytes.count)
        textCount += bytes.count
        unsafe (text + textCount).update(repeating: 0, count: Self.padding)
    }

    /// Gives the open containers the lengths that they would have if the text ended well after the last complete value
    /// or in the open string. The parser keeps their lengths elsewhere and overwrites these.
    mutating func closeVirtually(_ state: JSONParseState) {
        let innermost = unsafe frames[state.depth]
        var end = state.count
        var isPending = false
        switch state.phase {
        case .string where !state.isKey: end += 1
        case .value, .colon, .number:
            isPending = true
            if unsafe state.depth > 0 && slots[innermost.start].kind == .object { end -= 1 }
        case .key, .string: isPending = true
        default: break
        }
        for level in stride(from: state.depth, to: 0, by: -1) {
            let frame = unsafe frames[level]
            let length = level == state.depth && isPending ? frame.length - 1 : frame.length
            unsafe slots[frame.start] = unsafe JSONSlot(
                slots[frame.start].kind, length: length, payload: UInt64(end - frame.start))
        }
        count = end
    }
}
