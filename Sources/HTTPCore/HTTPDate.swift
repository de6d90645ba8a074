// SPDX-License-Identifier: Apache-2.0

/// Reads the three forms of a date that a recipient must accept (RFC 9110 §5.6.7).
package enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Seconds since 1970-01-01T00:00:00Z; `nil` when `text` is none of the forms. The name of the weekday is not checked.
    package static func unixSeconds(_ text: String) -> Int64? {
        let words = text.split { $0 == " " || $0 == "-" || $0 == "," }
        // `Sun, 06 Nov 1994 08:49:37 GMT` and `Sunday, 06-Nov-94 08:49:37 GMT`
        if words.count == 6, words[5] == "GMT" { return seconds(words[3], words[2], words[1], words[4]) }
        // `Sun Nov  6 08:49:37 1994`
        if words.count == 5 { return seconds(words[4], words[1], words[2], words[3]) }
        return nil
    }

    private static func seconds(
        _ yearText: Substring, _ monthText: Substring, _ dayText: Substring, _ time: Substring
    ) -> Int64? {
        let clock = time.split(separator: ":").map { Int64($0) }
        guard var year = Int64(yearText), let month = months.firstIndex(of: String(monthText)),
            let day = Int64(dayText),
            clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
            (1...31).contains(day), (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        if yearText.count == 2 { year += year < 70 ? 2000 : 1900 }
        guard (1970...9999).contains(year) else { return nil }
        return days(year, Int64(month) + 1, day) * 86_400 + hour * 3600 + minute * 60 + second
    }

    /// Days since 1970-01-01, counted in 400-year cycles of years that begin in March.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let cycle = shifted / 400
        let yearOfCycle = shifted - cycle * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
        return cycle * 146_097 + dayOfCycle - 719_468
    }
}
