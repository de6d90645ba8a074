// SPDX-License-Identifier: Apache-2.0

/// Dates and times: RFC 3339 §5.6.
enum DateTime {
    /// A day of a month, and the last one of that month.
    private struct MonthDay {
        var day: Int
        var last: Int
    }

    /// `full-date`.
    static func isDate(_ bytes: Span<UInt8>) -> Bool {
        bytes.count == 10 && monthDay(bytes) != nil
    }

    /// `full-time`: the offset is required.
    static func isTime(_ bytes: Span<UInt8>) -> Bool {
        isTime(bytes, from: 0, on: nil)
    }

    /// `date-time`. A space in place of `T` is what some applications chose (§5.6, note); the grammar has only `T`.
    static func isDateTime(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 20, bytes[10].lowercased == UInt8(ascii: "t"), let date = monthDay(bytes) else {
            return false
        }
        return isTime(bytes, from: 11, on: date)
    }

    /// The date in the first ten bytes, of which there are as many.
    @inline(__always) private static func monthDay(_ bytes: Span<UInt8>) -> MonthDay? {
        let century = number(bytes, at: 0)
        let year = number(bytes, at: 2)
        let month = number(bytes, at: 5)
        let day = number(bytes, at: 8)
        let hyphen = UInt8(ascii: "-")
        guard century < 100, year < 100, 1...12 ~= month, bytes[4] == hyphen, bytes[7] == hyphen else { return nil }
        let isLeap = (year == 0 ? century : year) & 3 == 0
        // Two bits a month for how many days more than 28 it has, from January at bit 2 on.
        let last = month == 2 ? (isLeap ? 29 : 28) : 28 + (0x3BB_EECC >> (2 * month) & 3)
        return day >= 1 && day <= last ? MonthDay(day: day, last: last) : nil
    }

    private static func isTime(_ bytes: Span<UInt8>, from start: Int, on date: MonthDay?) -> Bool {
        guard bytes.count >= start + 9 else { return false }
        let hour = number(bytes, at: start)
        let minute = number(bytes, at: start + 3)
        let second = number(bytes, at: start + 6)
        let colon = UInt8(ascii: ":")
        guard hour < 24, minute < 60, second <= 60, bytes[start + 2] == colon, bytes[start + 5] == colon else {
            return false
        }
        var position = start + 8
        if bytes[position] == UInt8(ascii: ".") {
            let fraction = position + 1
            position = fraction
            while position < bytes.count, bytes[position].isDigit { position += 1 }
            if position == fraction { return false }
        }
        guard let offset = offset(bytes, from: position) else { return false }
        return second < 60 || isLeapSecond(hour * 60 + minute - offset, on: date)
    }

    /// Minutes east of UTC, in the bytes from `position` to the end.
    @inline(__always) private static func offset(_ bytes: Span<UInt8>, from position: Int) -> Int? {
        guard position < bytes.count else { return nil }
        if bytes.count == position + 1 { return bytes[position].lowercased == UInt8(ascii: "z") ? 0 : nil }
        guard bytes.count == position + 6, bytes[position + 3] == UInt8(ascii: ":") else { return nil }
        let hour = number(bytes, at: position + 1)
        let minute = number(bytes, at: position + 4)
        guard hour < 24, minute < 60 else { return nil }
        switch bytes[position] {
        case UInt8(ascii: "+"): return hour * 60 + minute
        case UInt8(ascii: "-"): return -(hour * 60 + minute)
        default: return nil
        }
    }

    /// §5.7: second 60 only exists at the end of a month, UTC.
    ///
    /// - Parameter minute: of the day in UTC; below 0 on the day before the written one, from 1440 on the day after.
    private static func isLeapSecond(_ minute: Int, on date: MonthDay?) -> Bool {
        let lastMinute = 1439
        guard let date else { return (minute + 1440) % 1440 == lastMinute }
        return switch minute {
        case lastMinute - 1440: date.day == 1
        case lastMinute: date.day == date.last
        case lastMinute + 1440: date.day == date.last - 1
        default: false
        }
    }

    /// The value of two digits; when they are not, a number beyond the range of every field.
    @inline(__always) private static func number(_ bytes: Span<UInt8>, at position: Int) -> Int {
        let tens = bytes[position] &- 0x30
        let ones = bytes[position + 1] &- 0x30
        return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : 1000
    }
}
