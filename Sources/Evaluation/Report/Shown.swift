// SPDX-License-Identifier: Apache-2.0

/// Figures as people read them.
package enum Shown {
    /// What stands for a figure that is not defined.
    package static let undefined = "not defined"

    /// `0.8333` as `83.3 %`; only all is 100.0 % and only nothing 0.0 %.
    package static func percent(_ share: Double?) -> String { share.map { tenths(permille($0)) + " %" } ?? undefined }

    /// `83.3 % (95 %: 55.2–95.3 %)`.
    package static func rate(_ rate: Rate) -> String {
        guard let interval = rate.interval else { return undefined }
        return "\(percent(rate.value)) (95 %: \(range(interval)))"
    }

    /// `55.2–95.3 %`.
    package static func range(_ interval: ClosedRange<Double>) -> String {
        "\(tenths(permille(interval.lowerBound)))–\(tenths(permille(interval.upperBound))) %"
    }

    /// A difference of shares in points of a per cent, with its sign.
    package static func points(_ difference: Double?) -> String {
        difference.map { signed(Int(($0 * 1000).rounded())) } ?? undefined
    }

    package static func points(_ interval: ClosedRange<Double>) -> String {
        let bounds = [interval.lowerBound, interval.upperBound].map { signed(Int(($0 * 1000).rounded())) }
        return "\(bounds[0]) to \(bounds[1])"
    }

    /// `1.24 s`, `830 ms`.
    package static func seconds(_ seconds: Double?) -> String {
        guard let seconds else { return undefined }
        if seconds < 0.9995 { return "\(Int((seconds * 1000).rounded())) ms" }
        let hundredths = Int(min(seconds * 100, 1e15).rounded())
        if hundredths >= 10_000 { return "\(hundredths / 100) s" }
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
    }

    /// Passes as a whole number, or with the tenths that repeats give.
    package static func passes(_ rate: Rate) -> String {
        let whole = Int(rate.successes)
        let isWhole = (rate.successes - rate.successes.rounded()).magnitude < 1e-9
        return (isWhole ? "\(Int(rate.successes.rounded()))" : "\(whole).\(Int((rate.successes - Double(whole)) * 10))")
            + "/\(rate.count)"
    }

    /// A probability with three places; `< 0.001` below.
    package static func probability(_ p: Double) -> String {
        guard p >= 0.001 else { return "< 0.001" }
        let thousandths = String(Int((p * 1000).rounded()))
        guard p < 0.9995 else { return "1.000" }
        return "0." + String(repeating: "0", count: 3 - thousandths.count) + thousandths
    }

    /// `1 case`, `2 cases`.
    package static func count(_ number: Int, _ word: String, _ plural: String? = nil) -> String {
        "\(number) \(number == 1 ? word : plural ?? word + "s")"
    }

    private static func permille(_ share: Double) -> Int {
        let rounded = Int((share * 1000).rounded())
        // What is nearly all is not all.
        return share < 1 && rounded >= 1000 ? 999 : share > 0 && rounded == 0 ? 1 : rounded
    }

    private static func tenths(_ number: Int) -> String { "\(number / 10).\(number % 10)" }

    private static func signed(_ tenths: Int) -> String {
        "\(tenths > 0 ? "+" : tenths < 0 ? "−" : "±")\(Self.tenths(abs(tenths)))"
    }
}
