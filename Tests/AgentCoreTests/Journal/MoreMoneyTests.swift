// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import Testing

/// Runs that ran out of money and go on with more.
@Suite struct MoreMoneyTests {
    private static func record(
        _ number: Int, _ path: [Int], _ operation: String, _ value: JSONValue, effect: ToolDefinition.Effect = .read,
        at time: Int64
    ) -> JournalRecord {
        JournalRecord(
            number: number, path: JournalPath(path), operation: operation, effect: effect, began: time,
            ended: time + 1, outcome: .init(value))
    }

    /// An agent within a map that asked a model, did something, and was stopped.
    private static func stopped(_ more: [JournalRecord] = []) -> RecordedRun {
        var group = record(2, [1, 1], "agent.run", ["text": "", "stopped": "usd"], at: 2)
        group.ended = 9
        let records = [
            record(1, [1], "map", [], at: 1), group, record(3, [1, 1, 1], "model", ["finish_reason": "stop"], at: 3),
            record(4, [1, 1, 2], "fs.append", true, effect: .write, at: 4),
        ]
        return RecordedRun(info: RunInfo(id: "a"), records: records + more, schedule: [ScheduleStep(JournalPath([1]))])
    }

    @Test func theAgentIsOpenAgainAndWhatItDidStays() throws {
        let again = try #require(Self.stopped().withMoreMoney())
        #expect(again.records.map { $0.outcome != nil } == [false, false, true, true])
        #expect(again.schedule.isEmpty)
        #expect(again.withMoreMoney() == nil)
    }

    @Test func anAnswerThatWasCutShortIsAskedAgain() throws {
        let cut = Self.record(5, [1, 1, 3], "model", ["finish_reason": "length"], at: 5)
        #expect(Self.stopped([cut]).withMoreMoney()?.records.map(\.number) == [1, 2, 3, 4])
        let whole = Self.record(5, [1, 1, 3], "model", ["finish_reason": "stop"], at: 5)
        #expect(Self.stopped([whole]).withMoreMoney()?.records.map(\.number) == [1, 2, 3, 4, 5])
    }

    @Test func readsBehindItAreForgottenAndEffectsAreNot() {
        let read = Self.record(5, [2], "now", 1, at: 10)
        #expect(Self.stopped([read]).withMoreMoney()?.records.map(\.number) == [1, 2, 3, 4])
        let effect = Self.record(6, [3], "fs.write", true, effect: .write, at: 11)
        #expect(Self.stopped([read, effect]).withMoreMoney() == nil)
    }

    @Test func whatWentOnBesideItStays() {
        let beside = Self.record(5, [1, 2], "fs.write", true, effect: .write, at: 5)
        #expect(Self.stopped([beside]).withMoreMoney()?.records.map(\.number) == [1, 2, 3, 4, 5])
    }

    @Test func otherRunsHaveNothingToAskAgain() {
        var run = Self.stopped()
        run.records[1].outcome = .init(["text": "", "stopped": "turns"])
        #expect(run.withMoreMoney() == nil)
    }
}
