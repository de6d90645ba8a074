// SPDX-License-Identifier: Apache-2.0

import HTTPCore
import HTTPTypes
import Testing

@Suite struct RetryPolicyTests {
    private let policy = RetryPolicy()

    private func fields(_ members: [(String, String)]) throws -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in members { fields[try #require(HTTPField.Name(name))] = value }
        return fields
    }

    @Test(arguments: [408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524]) func repeats(status: Int) {
        #expect(
            policy.decision(afterAttempt: 1, .status(status, retryAfter: nil), jitter: 1)
                == .retry(after: .milliseconds(500)))
    }

    @Test(arguments: [301, 400, 401, 402, 403, 404, 409, 410, 413, 422, 501, 525]) func neverRepeats(status: Int) {
        #expect(policy.decision(afterAttempt: 1, .status(status, retryAfter: .seconds(1)), jitter: 1) == .giveUp)
    }

    @Test func repeatsOnlyFailuresOfTheConnection() {
        func decision(_ code: HTTPTransportError.Code, _ phase: HTTPTransportError.Phase? = nil) -> RetryPolicy.Decision
        {
            policy.decision(afterAttempt: 1, .transport(.init(code, "", phase: phase)), jitter: 1)
        }
        #expect(decision(.connect) != .giveUp)
        #expect(decision(.closed) != .giveUp)
        #expect(decision(.timeout, .connect) != .giveUp)
        #expect(decision(.timeout, .firstByte) == .giveUp)
        #expect(decision(.tls) == .giveUp)
        #expect(decision(.badURL) == .giveUp)
        #expect(decision(.tooLarge) == .giveUp)
    }

    @Test func doublesTheWaitAndStops() {
        let failure = RetryPolicy.Failure.status(503, retryAfter: nil)
        let policy = RetryPolicy(attempts: 8)
        let waits = (1...8).map { policy.decision(afterAttempt: $0, failure, jitter: 1) }
        let seconds = [0.5, 1, 2, 4, 8, 8, 8].map { RetryPolicy.Decision.retry(after: .seconds($0)) }
        #expect(waits == seconds + [.giveUp])
    }

    @Test func jitterTakesUpToHalfOfTheWaitAway() {
        let failure = RetryPolicy.Failure.status(500, retryAfter: nil)
        #expect(policy.decision(afterAttempt: 2, failure, jitter: 0) == .retry(after: .milliseconds(500)))
        #expect(policy.decision(afterAttempt: 2, failure, jitter: 0.5) == .retry(after: .milliseconds(750)))
    }

    @Test func honoursTheServersWaitUpToTheLimit() {
        func decision(_ wait: Duration) -> RetryPolicy.Decision {
            policy.decision(afterAttempt: 1, .status(429, retryAfter: wait), jitter: 0)
        }
        #expect(decision(.seconds(60)) == .retry(after: .seconds(60)))
        #expect(decision(.seconds(61)) == .giveUpAsTheServerAsksToWait(.seconds(61)))
        #expect(decision(.zero) == .retry(after: .milliseconds(250)))
    }

    @Test func givesUpAfterTheLastAttempt() {
        #expect(policy.decision(afterAttempt: 4, .status(429, retryAfter: .seconds(1)), jitter: 1) == .giveUp)
        #expect(RetryPolicy.never.decision(afterAttempt: 1, .status(429, retryAfter: nil), jitter: 1) == .giveUp)
    }

    @Test func readsRetryAfter() throws {
        #expect(RetryPolicy.requestedDelay(in: try fields([("Retry-After", "7")])) == .seconds(7))
        #expect(
            RetryPolicy.requestedDelay(in: try fields([("Retry-After", "7"), ("Retry-After-Ms", "250")]))
                == .milliseconds(250))
        for text in ["", "-1", "soon", "nan", "inf"] {
            #expect(RetryPolicy.requestedDelay(in: try fields([("Retry-After", text)])) == nil)
        }
        #expect(RetryPolicy.requestedDelay(in: try fields([("Retry-After", "1e300")])) == .seconds(31_536_000))
    }

    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    ]) func readsRetryAfterAsADate(text: String) throws {
        let date = ("Date", "Sun, 06 Nov 1994 08:49:07 GMT")
        #expect(RetryPolicy.requestedDelay(in: try fields([("Retry-After", text), date])) == .seconds(30))
        #expect(RetryPolicy.requestedDelay(in: try fields([("Retry-After", text)])) == nil)
        let later = ("Date", "Mon, 07 Nov 1994 00:00:00 GMT")
        #expect(RetryPolicy.requestedDelay(in: try fields([("Retry-After", text), later])) == .zero)
    }
}
