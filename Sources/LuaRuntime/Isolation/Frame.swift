// SPDX-License-Identifier: Apache-2.0

/// The layout of what a host and its worker send each other: four bytes with the length of what follows, one byte with
/// the kind, then fields. Numbers are little-endian; texts and bytes carry their length in front, four bytes.
enum Frame {
    /// Changed with every change of the layout: host and worker are built together, or refuse each other.
    static let version: UInt64 = 2
    static let headerBytes = 4
    /// The most that the length can say.
    static let most = Int(UInt32.max)

    /// What the host says.
    enum Order: UInt8 {
        case open = 1
        case run
        case call
        case answer
        case raise
        case resume
        case close
        case collect
        case probe
    }

    /// What the worker says.
    enum Report: UInt8 {
        /// It is behind its walls.
        case ready = 1
        /// It cannot be, or cannot do what it was told; a text says why.
        case refused
        /// After `open`, `close` and `collect`.
        case done
        case step
        case probed
    }

    /// What can be said while the worker computes.
    enum Word {
        static let cancelState: UInt64 = 1
        static let cancelCall: UInt64 = 2
    }
}

/// Builds one frame.
struct FrameWriter {
    private(set) var bytes: [UInt8] = [0, 0, 0, 0]

    init(_ order: Frame.Order) { bytes.append(order.rawValue) }
    init(_ report: Frame.Report) { bytes.append(report.rawValue) }

    mutating func append(_ value: UInt8) { bytes.append(value) }
    mutating func append(_ value: Bool) { bytes.append(value ? 1 : 0) }

    mutating func append(_ value: UInt64) {
        // SAFETY: reads the bytes of a local.
        unsafe withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func append(_ value: Int) { append(UInt64(bitPattern: Int64(value))) }

    mutating func append(_ value: [UInt8]) {
        append(length: value.count)
        bytes.append(contentsOf: value)
    }

    mutating func append(_ value: String) {
        let utf8 = value.utf8
        append(length: utf8.count)
        bytes.append(contentsOf: utf8)
    }

    mutating func append(_ message: LuaMessage) {
        append(message.count)
        append(message.bytes)
    }

    private mutating func append(length: Int) {
        // SAFETY: reads the bytes of a local. A length beyond 32 bits makes the frame too long, which `finished` tells.
        unsafe withUnsafeBytes(of: UInt32(clamping: length).littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// The frame with its length in front.
    ///
    /// - Throws: ``LuaError/Code/conversion`` when it is longer than 4 GiB.
    consuming func finished() throws(LuaError) -> [UInt8] {
        let length = bytes.count - Frame.headerBytes
        guard length <= Frame.most else {
            throw LuaError(.conversion, "a message to or from an isolated state may have 4 GiB at most")
        }
        for place in 0..<Frame.headerBytes { bytes[place] = UInt8(truncatingIfNeeded: length >> (8 * place)) }
        return bytes
    }
}

/// Reads the fields of one frame. Nothing in it is believed: what does not fit ends the reading.
struct FrameReader {
    /// Why a frame cannot be read.
    struct Malformed: Error, Equatable, CustomStringConvertible {
        let expected: String
        let offset: Int

        var description: String { "expected \(expected) at byte \(offset) of a frame" }
    }

    private let bytes: [UInt8]
    private(set) var offset: Int

    /// - Parameters:
    ///   - bytes: a frame without its length.
    ///   - offset: where to begin.
    init(_ bytes: [UInt8], at offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    var isAtEnd: Bool { offset == bytes.count }

    mutating func byte(_ expected: String) throws(Malformed) -> UInt8 {
        try need(1, expected)
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func bool(_ expected: String) throws(Malformed) -> Bool {
        switch try byte(expected) {
        case 0: return false
        case 1: return true
        default: throw Malformed(expected: "\(expected), 0 or 1,", offset: offset - 1)
        }
    }

    mutating func word(_ expected: String) throws(Malformed) -> UInt64 {
        try need(8, expected)
        defer { offset += 8 }
        // SAFETY: the eight bytes are there.
        let value = unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
        return UInt64(littleEndian: value)
    }

    /// A number that is not negative.
    mutating func count(_ expected: String) throws(Malformed) -> Int {
        guard let value = Int(exactly: try word(expected)) else {
            throw Malformed(expected: "\(expected) of at most 63 bits", offset: offset - 8)
        }
        return value
    }

    mutating func integer(_ expected: String) throws(Malformed) -> Int { Int(Int64(bitPattern: try word(expected))) }

    mutating func data(_ expected: String) throws(Malformed) -> [UInt8] {
        let range = try range(expected)
        return Array(bytes[range])
    }

    /// A text; bytes that are not UTF-8 become U+FFFD, as those of an error in Lua do.
    mutating func text(_ expected: String) throws(Malformed) -> String {
        let range = try range(expected)
        return String(decoding: bytes[range], as: UTF8.self)
    }

    /// A message whose bytes are not looked at yet.
    mutating func message(_ expected: String) throws(Malformed) -> LuaMessage {
        let count = try count("the number of values of \(expected)")
        return LuaMessage(bytes: try data(expected), count: count)
    }

    func end() throws(Malformed) {
        guard isAtEnd else { throw Malformed(expected: "the end", offset: offset) }
    }

    private mutating func range(_ expected: String) throws(Malformed) -> Range<Int> {
        try need(4, "the length of \(expected)")
        var length = 0
        for place in 0..<4 { length |= Int(bytes[offset + place]) << (8 * place) }
        offset += 4
        try need(length, "\(length) bytes of \(expected)")
        defer { offset += length }
        return offset..<offset + length
    }

    private func need(_ count: Int, _ expected: String) throws(Malformed) {
        guard count <= bytes.count - offset else { throw Malformed(expected: expected, offset: offset) }
    }
}
