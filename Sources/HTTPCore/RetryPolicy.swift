// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes

/// Decides whether a failed request is sent again, and when. It has no clock and no dice: both come from outside.
public struct RetryPolicy: Sendable, Equatable {
    /// How often a request is sent at most, the first time included. 1 never repeats. Default 4.
    public var attempts: Int
    /// The wait before the first repetition; it doubles each time. Default 0.5 s.
    public var firstDelay: Duration
    /// The longest wait of our own choice. Default 8 s.
    public var longestDelay: Duration
    /// The longest wait that a server may ask for; when it asks for more, the request fails at once. Default 60 s.
    public var longestRetryAfter: Duration

    public init(
        attempts: Int = 4, firstDelay: Duration = .milliseconds(500), longestDelay: Duration = .seconds(8),
        longestRetryAfter: Duration = .seconds(60)
    ) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
        self.longestRetryAfter = longestRetryAfter
    }

    /// A policy that never repeats.
    public static let never = RetryPolicy(attempts: 1)

    /// What came in place of an answer.
    public enum Failure: Sendable, Equatable {
        /// A status that is not a success, with the wait that the server asked for.
        case status(Int, retryAfter: Duration?)
        /// No byte of an answer came.
        case transport(HTTPTransportError)
    }

    public enum Decision: Sendable, Equatable {
        case retry(after: Duration)
        case giveUp
        /// The failure would pass, but not within ``RetryPolicy/longestRetryAfter``.
        case giveUpAsTheServerAsksToWait(Duration)
    }

    /// - Parameters:
    ///   - attempt: how often the request has been sent, from 1.
    ///   - jitter: 0…1; of a wait of our own choice half is fixed and half is scaled by it.
    public func decision(afterAttempt attempt: Int, _ failure: Failure, jitter: Double) -> Decision {
        guard isTransient(failure) else { return .giveUp }
        if case .status(_, let asked?) = failure, asked > longestRetryAfter {
            return .giveUpAsTheServerAsksToWait(asked)
        }
        guard attempt < attempts else { return .giveUp }
        if case .status(_, let asked?) = failure, asked > .zero { return .retry(after: asked) }
        return .retry(after: delay(afterAttempt: attempt, jitter: jitter))
    }

    private func isTransient(_ failure: Failure) -> Bool {
        switch failure {
        case .status(let code, _): [408, 429, 500, 502, 503, 504].contains(code) || (520...524).contains(code)
        case .transport(let error):
            // A server that took the request and is silent for minutes is not asked four times.
            error.code == .connect || error.code == .closed || (error.code == .timeout && error.phase == .connect)
        }
    }

    private func delay(afterAttempt attempt: Int, jitter: Double) -> Duration {
        let doublings = min(max(attempt, 1) - 1, 30)
        let whole = min(firstDelay * (1 << doublings), longestDelay)
        return whole * (0.5 + 0.5 * min(max(jitter, 0), 1))
    }
}

extension RetryPolicy {
    /// How long the server asks to wait: `retry-after-ms`, else `Retry-After` in seconds or as a date (RFC 9110 §10.2.3).
    ///
    /// A date is measured against the `Date` field of the same response, so that clocks need not agree; without that
    /// field it is ignored.
    public static func requestedDelay(in fields: HTTPFields) -> Duration? {
        if let name = HTTPField.Name("retry-after-ms"), let text = fields[name], let delay = duration(text, unit: 0.001)
        {
            return delay
        }
        guard let name = HTTPField.Name("retry-after"), let text = fields[name] else { return nil }
        if let delay = duration(text, unit: 1) { return delay }
        guard let then = HTTPDate.unixSeconds(text), let now = fields[.date].flatMap(HTTPDate.unixSeconds) else {
            return nil
        }
        return .seconds(max(0, then - now))
    }

    private static func duration(_ text: String, unit: Double) -> Duration? {
        guard let value = Double(text), value.isFinite, value >= 0 else { return nil }
        // More than a year is as good as for ever, and does not overflow.
        return .seconds(min(value * unit, 31_536_000))
    }
}
