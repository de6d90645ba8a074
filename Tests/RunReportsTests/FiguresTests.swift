// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import RunReports

@Suite struct FiguresTests {
    @Test func durationsReadAsPeopleSayThem() {
        let shown: [(Int64, String)] = [
            (-5, "0 µs"), (999, "999 µs"), (1499, "1 ms"), (999_499, "999 ms"), (999_500, "1.00 s"),
            (1_234_000, "1.23 s"),
            (59_990_000, "59.99 s"), (59_996_000, "1 min 00 s"), (185_000_000, "3 min 05 s"),
            (7_500_000_000, "2 h 05 min"),
        ]
        for (time, text) in shown { #expect(Figures.duration(time) == text) }
    }

    @Test func countsHaveTheirThousands() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")] {
            #expect(Figures.count(number) == text)
        }
    }

    @Test func datesAreThoseOfTheCalendar() {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "UTC")
        format.dateFormat = "yyyy-MM-dd HH:mm:ss"
        for day in stride(from: -40_000, through: 40_000, by: 37) {
            let seconds = Int64(day) * 86_400 + Int64(day & 0xFFFF)
            let expected = format.string(from: Date(timeIntervalSince1970: Double(seconds)))
            #expect(Figures.date(seconds * 1_000_000) == expected)
        }
    }
}
