// SPDX-License-Identifier: Apache-2.0

/// A `Date` of Foundation encodes as seconds since 2001, which neither people nor models can read. Here it is an RFC 3339
/// date and time; the seconds are read too. Known by name and by form, as ``FoundationURL`` is.
enum FoundationDate {
    /// What a `Date` decodes from, for a string that stands where a `Date` is wanted.
    static func seconds(of value: JSONValue, for type: Any.Type) -> JSONValue? {
        guard case .string(let text) = value, isDate(type) else { return nil }
        return DateText.seconds(of: text).map { .number($0) }
    }

    /// The text of a `Date` that has just been encoded; `nil` for one that no text says exactly: before year 1, after
    /// year 9999, or finer than nanoseconds.
    static func string(of place: JSONEncodingPlace, for type: Any.Type) -> String? {
        guard case .value(.number(let seconds)) = place.content, type != Double.self, type != Float.self, isDate(type)
        else { return nil }
        return DateText.text(of: seconds)
    }

    private static func isDate(_ type: Any.Type) -> Bool {
        ["Foundation.Date", "FoundationEssentials.Date"].contains(String(reflecting: type))
    }
}

/// Dates as RFC 3339 §5.6 writes them, and as seconds since 2001-01-01T00:00:00Z without leap seconds.
enum DateText {
    private static let daysBefore2001 = 730_485
    private static let secondsOfDay = 86_400

    /// - Returns: `nil` for a text that is no date and time with an offset.
    static func seconds(of text: String) -> Double? {
        var rest = text.utf8[...]
        guard let year = number(&rest, 4), take(&rest, "-"), let month = number(&rest, 2), take(&rest, "-"),
            let day = number(&rest, 2), take(&rest, "T", "t", " "),
            let hour = number(&rest, 2), take(&rest, ":"), let minute = number(&rest, 2), take(&rest, ":"),
            let second = number(&rest, 2), let fraction = fraction(&rest), let offset = offset(&rest), rest.isEmpty,
            year > 0, (1...12).contains(month), (1...days(of: month, in: year)).contains(day),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = daysFrom1(year, month) + day - 1 - daysBefore2001
        return Double(days * secondsOfDay + hour * 3600 + minute * 60 + second - offset) + fraction
    }

    /// - Returns: `nil` when no text reads back as the same number.
    static func text(of seconds: Double) -> String? {
        let whole = seconds.rounded(.down)
        guard abs(whole) < 1e12, let total = Int(exactly: whole) else { return nil }
        let days = Int((whole / Double(secondsOfDay)).rounded(.down))
        let inDay = total - days * secondsOfDay
        guard let date = date(days + daysBefore2001) else { return nil }
        let time = "T\(padded(inDay / 3600, 2)):\(padded(inDay / 60 % 60, 2)):\(padded(inDay % 60, 2))"
        for (digits, scale) in [(0, 1.0), (3, 1e3), (6, 1e6), (9, 1e9)] {
            let part = Int(((seconds - whole) * scale).rounded())
            guard Double(part) < scale else { continue }
            let text = date + time + (digits == 0 ? "" : ".\(padded(part, digits))") + "Z"
            if Self.seconds(of: text) == seconds { return text }
        }
        return nil
    }

    // MARK: The calendar

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func days(of month: Int, in year: Int) -> Int {
        month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Days from 0001-01-01 to the first of a month.
    private static func daysFrom1(_ year: Int, _ month: Int) -> Int {
        let past = year - 1
        return past * 365 + past / 4 - past / 100 + past / 400 + (1..<month).reduce(0) { $0 + days(of: $1, in: year) }
    }

    /// The date so many days after 0001-01-01; `nil` outside of years 1 to 9999.
    private static func date(_ days: Int) -> String? {
        guard (0..<daysFrom1(10_000, 1)).contains(days) else { return nil }
        var year = days / 366 + 1
        while daysFrom1(year + 1, 1) <= days { year += 1 }
        var month = 1
        while month < 12, daysFrom1(year, month + 1) <= days { month += 1 }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(days - daysFrom1(year, month) + 1, 2))"
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    // MARK: Reading

    private static func number(_ rest: inout Substring.UTF8View, _ digits: Int) -> Int? {
        var number = 0
        for _ in 0..<digits {
            guard let byte = rest.popFirst(), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return number
    }

    private static func take(_ rest: inout Substring.UTF8View, _ choices: Unicode.Scalar...) -> Bool {
        guard let byte = rest.first, choices.contains(where: { $0.value == UInt32(byte) }) else { return false }
        rest.removeFirst()
        return true
    }

    private static func fraction(_ rest: inout Substring.UTF8View) -> Double? {
        guard take(&rest, ".") else { return 0 }
        let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        rest = rest.dropFirst(digits.count)
        return digits.isEmpty ? nil : Double("0." + String(Substring(digits)))
    }

    private static func offset(_ rest: inout Substring.UTF8View) -> Int? {
        if take(&rest, "Z", "z") { return 0 }
        let isWest = rest.first == UInt8(ascii: "-")
        guard take(&rest, "+", "-"), let hours = number(&rest, 2), take(&rest, ":"), let minutes = number(&rest, 2),
            hours < 24, minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (isWest ? -60 : 60)
    }
}
