// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import agent

@Suite struct ProgressLineTests {
    @Test func aTerminalLineIsWrittenOverAndCleared() {
        var line = ProgressLine()
        #expect(line.end() == "")
        #expect(line.next("fetching: 1 MB", isTerminal: true) == "\r\u{1B}[2Kfetching: 1 MB")
        #expect(line.end() == "\r\u{1B}[2K")
        #expect(line.end() == "")
    }

    @Test func aLogGetsALineForEachThingAndThenNowAndThen() {
        var line = ProgressLine()
        let start = ContinuousClock.now
        #expect(line.next("fetching a: 1", isTerminal: false, now: start) == "fetching a: 1\n")
        #expect(line.next("fetching a: 2", isTerminal: false, now: start + .seconds(9)) == nil)
        #expect(line.next("fetching a: 3", isTerminal: false, now: start + .seconds(11)) == "fetching a: 3\n")
        #expect(line.next("starting", isTerminal: false, now: start + .seconds(12)) == "starting\n")
    }
}
