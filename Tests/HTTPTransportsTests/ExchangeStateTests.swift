// SPDX-License-Identifier: Apache-2.0

import HTTPCore
import NIOCore
import Testing

@testable import HTTPTransports

/// The clock of an upload, told the time by the test.
@Suite struct ExchangeStateTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func after(_ seconds: Int64) -> NIODeadline { Self.start + .seconds(seconds) }

    /// An exchange whose head is sent, with an idle time of one second.
    private func uploading() -> ExchangeState {
        let timeouts = HTTPTimeouts(connect: .seconds(1), firstByte: .seconds(5), idle: .seconds(1))
        var state = ExchangeState(timeouts: timeouts, authority: "e.org", now: Self.start)
        state.headSent(now: Self.start)
        return state
    }

    // A source that reads from a slow disk was reported as a server that takes nothing.
    @Test func doesNotBlameTheServerForASlowSource() {
        var state = uploading()
        state.sourceStarts(now: Self.start)
        #expect(state.timerFired(now: after(100)) == nil)
        _ = state.partSent(now: after(100))
        #expect(state.timerFired(now: after(102))?.phase == .idle)
    }

    @Test func blamesAServerThatTakesNoMore() {
        var state = uploading()
        #expect(state.timerFired(now: Self.start) == nil)
        let error = state.timerFired(now: after(2))
        #expect(error?.phase == .idle)
        #expect(error?.message == "e.org took no more of the request for 1.0 seconds")
    }

    @Test func waitsForAnAnswerFromTheEndOfTheRequestOn() {
        var state = uploading()
        _ = state.partSent(now: after(0))
        state.requestSent(now: after(1))
        #expect(state.timerFired(now: after(5)) == nil)
        #expect(state.timerFired(now: after(7))?.phase == .firstByte)
    }
}
