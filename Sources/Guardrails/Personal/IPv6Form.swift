// SPDX-License-Identifier: Apache-2.0

/// An address of IPv6 (RFC 4291 §2.2). What `::` shortens must still have three groups or begin with a prefix that is in use, so
/// that `a::b` stays code.
enum IPv6Form {
    private struct Reading {
        var end = 0
        var groups = 0
        var isShortened = false
        var first = 0
    }

    static func end(in text: TextView, at index: Int) -> Int? {
        guard text[index - 1] != UInt8(ascii: ":"), let reading = read(text, at: index) else { return nil }
        let end = reading.end
        guard !text.isWord(end), !(text[end] == UInt8(ascii: ":") && text[end + 1].isHexadecimal) else { return nil }
        guard reading.isShortened else { return reading.groups == 8 && reading.first != 0xFFFF ? end : nil }
        guard reading.groups < 8, reading.first != 0xFFFF else { return nil }
        // Global unicast, unique local and link-local.
        let isUsed =
            (0x2000...0x3FFF).contains(reading.first) || (0xFC00...0xFDFF).contains(reading.first)
            || (0xFE80...0xFEBF).contains(reading.first)
        return reading.groups >= 3 || (reading.groups >= 2 && isUsed) ? end : nil
    }

    private static func read(_ text: TextView, at index: Int) -> Reading? {
        var reading = Reading()
        var place = index
        while reading.groups <= 8 {
            let end = text.end(from: place, limit: 5) { $0.isHexadecimal }
            if end > place {
                guard end - place <= 4 else { return nil }
                if reading.groups == 0 { reading.first = value(text.bytes[place..<end]) }
                reading.groups += 1
                place = end
                reading.end = place
            }
            guard text[place] == UInt8(ascii: ":") else { break }
            if text[place + 1] == UInt8(ascii: ":") {
                guard !reading.isShortened else { return nil }
                reading.isShortened = true
                place += 2
                reading.end = place
            } else {
                guard text[place + 1].isHexadecimal else { break }
                place += 1
            }
        }
        return reading
    }

    private static func value(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        digits.reduce(0) { $0 << 4 | Int($1.isDigit ? $1 - 0x30 : $1.lowercased - 0x57) }
    }
}
