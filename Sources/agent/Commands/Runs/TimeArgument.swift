// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

/// A moment: so long ago (`90m`, `12h`, `2d`, `3w`), or a day or a time of Greenwich (`2026-11-01`, `2026-11-01T12:30:00`).
struct TimeArgument: ExpressibleByArgument {
    /// Microseconds since 1970.
    let moment: Int64

    init?(argument: String) { self.init(argument, now: WallClock.microseconds) }

    init?(_ text: String, now: Int64) {
        if let length = Self.length(text) {
            let (moment, overflows) = now.subtractingReportingOverflow(length)
            if overflows { return nil }
            self.moment = moment
            return
        }
        let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard let day = Self.day(parts[0]) else { return nil }
        var seconds: Int64 = 0
        if parts.count == 2 {
            let time = parts[1].hasSuffix("Z") ? parts[1].dropLast() : parts[1]
            let numbers = time.split(separator: ":", omittingEmptySubsequences: false).map(Self.twoDigits)
            let limits: [Int64] = [24, 60, 60]
            guard (2...3).contains(numbers.count) else { return nil }
            for (number, limit) in zip(numbers, limits) {
                guard let number, number < limit else { return nil }
                seconds = seconds * 60 + number
            }
            if numbers.count == 2 { seconds *= 60 }
        }
        let whole: Int64 = day * 86_400 + seconds
        moment = whole * 1_000_000
    }

    /// Microseconds.
    static func length(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count >= 0 else {
            return nil
        }
        let (length, overflows) = count.multipliedReportingOverflow(by: unit * 1_000_000)
        return overflows ? nil : length
    }

    /// Days since 1970 of `yyyy-mm-dd`, by the Gregorian calendar counted in years that begin in March.
    private static func day(_ text: Substring) -> Int64? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, let year = Int64(parts[0]), year > 0,
            let month = twoDigits(parts[1]), let day = twoDigits(parts[2]), (1...12).contains(month), day >= 1
        else { return nil }
        let isFourth: Bool = year % 4 == 0
        let isLeap: Bool = isFourth && (year % 100 != 0 || year % 400 == 0)
        let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= lengths[Int(month) - 1] else { return nil }
        let shifted: Int64 = month <= 2 ? year - 1 : year
        let place: Int64 = month > 2 ? month - 3 : month + 9
        let ofYear: Int64 = (153 * place + 2) / 5 + day - 1
        let leapDays: Int64 = shifted / 4 - shifted / 100 + shifted / 400
        return shifted * 365 + leapDays + ofYear - 719_468
    }

    private static func twoDigits(_ text: Substring) -> Int64? {
        text.utf8.count == 2 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
    }
}
