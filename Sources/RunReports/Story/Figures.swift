// SPDX-License-Identifier: Apache-2.0

package import AgentCore

/// Figures of runs as people read them.
package enum Figures {
    /// `830 µs`, `12 ms`, `1.24 s`, `3 min 05 s`, `2 h 05 min`.
    package static func duration(_ microseconds: Int64) -> String {
        let micro = max(0, microseconds)
        if micro < 1000 { return "\(micro) µs" }
        if micro < 999_500 { return "\((micro + 500) / 1000) ms" }
        if micro < 59_995_000 {
            return "\((micro + 5000) / 1_000_000).\(padded((micro + 5000) % 1_000_000 / 10_000)) s"
        }
        let seconds = (micro + 500_000) / 1_000_000
        if seconds < 3600 { return "\(seconds / 60) min \(padded(seconds % 60)) s" }
        return "\(seconds / 3600) h \(padded(seconds % 3600 / 60)) min"
    }

    /// `12,345,678`.
    package static func count(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var result = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return (number < 0 ? "-" : "") + result
    }

    /// `1 turn`, `2 turns`.
    package static func counted(_ number: Int, _ word: String) -> String {
        "\(count(number)) \(word)\(number == 1 ? "" : "s")"
    }

    /// `120 + 12 tokens (100 cached)`; empty when nothing was used.
    package static func tokens(_ usage: Usage) -> String {
        guard usage.promptTokens > 0 || usage.completionTokens > 0 else { return "" }
        let cached = usage.cachedTokens > 0 ? " (\(count(usage.cachedTokens)) cached)" : ""
        return "\(count(usage.promptTokens)) + \(count(usage.completionTokens)) tokens\(cached)"
    }

    /// `2026-11-27 21:23:05`, by the clock of Greenwich.
    ///
    /// - Parameter separator: between day and time; `T` for ISO 8601.
    package static func date(_ microseconds: Int64, separator: String = " ") -> String {
        let (days, second) = microseconds.quotientAndRemainderDown(by: 86_400_000_000)
        let seconds = second / 1_000_000
        let time = [seconds / 3600, seconds % 3600 / 60, seconds % 60].map(padded).joined(separator: ":")
        return day(days) + separator + time
    }

    /// `2026-11-27`, of days since 1970: the Gregorian calendar as eras of 400 years that begin in March.
    package static func day(_ days: Int64) -> String {
        let (era, ofEra) = (days + 719_468).quotientAndRemainderDown(by: 146_097)
        let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let shifted = (5 * ofYear + 2) / 153
        let (day, month) = (ofYear - (153 * shifted + 2) / 5 + 1, shifted < 10 ? shifted + 3 : shifted - 9)
        let civil = era * 400 + year + (month <= 2 ? 1 : 0)
        let digits = String(civil)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "-\(padded(month))-\(padded(day))"
    }

    private static func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension Int64 {
    fileprivate func quotientAndRemainderDown(by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
