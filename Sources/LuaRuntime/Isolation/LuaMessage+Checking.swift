// SPDX-License-Identifier: Apache-2.0

import CLuaBridge

extension LuaMessage {
    /// Looks at each byte of a message that came from a worker, before anything relies on its form.
    ///
    /// - Parameter values: how many it may hold, each list, object and member counted.
    /// - Throws: what was expected, and at which byte, when it is not what the bridge writes.
    func check(values: Int) throws(FrameReader.Malformed) {
        var checker = MessageChecker(bytes: bytes, left: values)
        for _ in 0..<count { try checker.value(depth: 0) }
        guard checker.offset == bytes.count else {
            throw FrameReader.Malformed(expected: "the end of a message", offset: checker.offset)
        }
    }
}

private struct MessageChecker {
    let bytes: [UInt8]
    /// How many more values there may be.
    var left: Int
    var offset = 0

    mutating func value(depth: Int) throws(FrameReader.Malformed) {
        left -= 1
        guard left >= 0 else { throw malformed("no more values in a message") }
        guard offset < bytes.count else { throw malformed("a value of a message") }
        offset += 1
        switch clb_tag(UInt32(bytes[offset - 1])) {
        case CLB_TAG_NIL, CLB_TAG_FALSE, CLB_TAG_TRUE, CLB_TAG_NULL: break
        case CLB_TAG_INTEGER: try skip(8)
        case CLB_TAG_NUMBER: try number()
        case CLB_TAG_STRING: try skip(try size())
        case CLB_TAG_LIST: try members(depth: depth, named: false)
        case CLB_TAG_OBJECT: try members(depth: depth, named: true)
        default: throw FrameReader.Malformed(expected: "the tag of a value", offset: offset - 1)
        }
    }

    private mutating func members(depth: Int, named: Bool) throws(FrameReader.Malformed) {
        guard depth < Int(CLB_MESSAGE_DEPTH) else {
            throw malformed("a message nested \(CLB_MESSAGE_DEPTH) deep at most")
        }
        let count = try size()
        // A lie about the number cannot make a reader reserve much.
        guard count <= (bytes.count - offset) / (named ? 5 : 1) else { throw malformed("\(count) values of a message") }
        for _ in 0..<count {
            if named { try skip(try size()) }
            try value(depth: depth + 1)
        }
    }

    /// The bridge refuses numbers that JSON does not have.
    private mutating func number() throws(FrameReader.Malformed) {
        let start = offset
        try skip(8)
        // SAFETY: the eight bytes are there.
        let value = unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: start, as: Double.self) }
        guard value.isFinite else { throw FrameReader.Malformed(expected: "a finite number", offset: start) }
    }

    private mutating func size() throws(FrameReader.Malformed) -> Int {
        let start = offset
        try skip(4)
        // SAFETY: the four bytes are there.
        return Int(unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: start, as: UInt32.self) })
    }

    private mutating func skip(_ count: Int) throws(FrameReader.Malformed) {
        guard count <= bytes.count - offset else { throw malformed("\(count) more bytes of a message") }
        offset += count
    }

    private func malformed(_ expected: String) -> FrameReader.Malformed { .init(expected: expected, offset: offset) }
}
