// SPDX-License-Identifier: Apache-2.0

/// Reading JSON text into the tape: strict RFC 8259, and stricter where the RFC leaves room, as
/// ``JSONValue/init(parsing:limits:)-(String,_)`` says. A parse into a tape that was filled before allocates nothing
/// unless the text is larger. When a parse throws, the tape holds `null`.
extension JSONTape {
    /// A tape with the document of a JSON text.
    ///
    /// - Throws: ``JSONError`` with the place of the first fault.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self.init()
        try parse(text, limits: limits)
    }

    /// A tape with the document of a JSON text of UTF-8 bytes.
    ///
    /// - Throws: ``JSONError`` with the place of the first fault.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self.init()
        try parse(bytes, limits: limits)
    }

    /// A tape with the document of a JSON text of UTF-8 bytes.
    ///
    /// - Throws: ``JSONError`` with the place of the first fault.
    public init(parsing bytes: Span<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self.init()
        try parse(bytes, limits: limits)
    }

    /// A tape with the document of a JSON text of UTF-8 bytes, which must stay valid until this returns.
    ///
    /// - Throws: ``JSONError`` with the place of the first fault.
    public init(parsing bytes: UnsafeRawBufferPointer, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self.init()
        try unsafe parse(bytes, limits: limits)
    }

    /// Replaces what the tape holds by the document of a JSON text.
    ///
    /// - Throws: ``JSONError`` with the place of the first fault.
    public mutating func parse(_ text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        var text = text
        // A result, since the standard library's closures do not carry a typed error.
        let error = text.withUTF8 { unsafe read(UnsafeRawBufferPointer($0), limits: limits) }
        if let error { throw error }
    }

    /// Replaces what the tape holds by the document of a JSON text of UTF-8 bytes.
    ///
    /// - Throws: ``JSONError`` with the place of the first fault.
    public mutating func parse(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        let error = unsafe bytes.withUnsafeBytes { unsafe read($0, limits: limits) }
        if let error { throw error }
    }

    /// Replaces what the tape holds by the document of a JSON text of UTF-8 bytes.
    ///
    /// - Throws: ``JSONError`` with the place of the first fault.
    public mutating func parse(_ bytes: Span<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        let error = unsafe bytes.withUnsafeBytes { unsafe read($0, limits: limits) }
        if let error { throw error }
    }

    /// Replaces what the tape holds by the document of a JSON text of UTF-8 bytes, which must stay valid until this
    /// returns.
    ///
    /// - Throws: ``JSONError`` with the place of the first fault.
    public mutating func parse(
        _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = JSONLimits()
    ) throws(JSONError) {
        if let error = unsafe read(bytes, limits: limits) { throw error }
    }

    /// - Returns: what is wrong with the text.
    mutating func read(_ bytes: UnsafeRawBufferPointer, limits: JSONLimits) -> JSONError? {
        var state = JSONParseState(limits: limits)
        if bytes.count > limits.bytes {
            state.fail(.size, at: max(limits.bytes, 0))
        } else {
            unsafe load(bytes)
            startParse()
            if JSONTapeParser.run(&self, &state, from: .value) {
                count = state.count
                return nil
            }
        }
        let error = unsafe error(state, in: bytes)
        reset()
        return error
    }

    private mutating func load(_ bytes: UnsafeRawBufferPointer) {
        textCount = 0
        makeTextRoom(bytes.count)
        // Few texts have a value for less than eight bytes.
        if slotCapacity < bytes.count &>> 3 { makeSlots(bytes.count &>> 3 &+ 16) }
        if let start = bytes.baseAddress {
            unsafe UnsafeMutableRawPointer(text).copyMemory(from: start, byteCount: bytes.count)
        }
        textCount = bytes.count
        unsafe (text + textCount).update(repeating: 0, count: Self.padding)
    }

    /// Prepares the buffers for a text that starts with the first byte of ``text``, and white space before the value.
    mutating func startParse() {
        keys.removeAll()
        unsafe frames[0] = JSONFrame(start: -1)
    }

    /// Makes the tape hold `null`.
    mutating func reset() {
        unsafe slots[0] = JSONSlot(.null)
        count = 1
        textCount = 0
    }

    private mutating func makeSlots(_ capacity: Int) {
        unsafe slots.deallocate()
        unsafe slots = .allocate(capacity: capacity)
        slotCapacity = capacity
    }

    /// The words and the line for a fault; walks the text up to it.
    private borrowing func error(_ state: JSONParseState, in bytes: UnsafeRawBufferPointer) -> JSONError {
        let offset = state.fault.offset
        var place = JSONTextPosition()
        unsafe place.advance(over: UnsafeRawBufferPointer(rebasing: bytes[..<min(offset, bytes.count)]))
        return state.fault.error(
            found: offset < bytes.count ? unsafe bytes[offset] : nil, line: place.line, column: place.column,
            token: state.fault.kind == .duplicateKey ? newestKey(state.count) : nil, limits: state.limits)
    }

    /// The text of the string that was read last into the slot at `position`.
    borrowing func newestKey(_ position: Int) -> String {
        unsafe withView { unsafe String(decoding: $0.bytes($0[position]), as: UTF8.self) }
    }
}
