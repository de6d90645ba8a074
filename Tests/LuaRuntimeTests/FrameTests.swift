// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@testable import LuaRuntime

/// What a host believes of the bytes that a worker sends: nothing.
@Suite struct FrameTests {
    private static let steps: [LuaStep] = [
        .finished(.of(1, "two", [3, .null, ["four": 5.5]], .null, true)),
        .request(LuaRequest(operation: "http", arguments: .of("a", ["b": []]), position: "x.lua:1")),
        .output,
        .failed(LuaError(.runtime, "x.lua:1: no", traceback: "x.lua:1")),
    ]

    private static func frame(_ step: LuaStep) throws -> [UInt8] {
        let status = WorkerStatus(output: Array("printed".utf8), memoryUsed: 1, memoryPeak: 2)
        return Array(try WorkerStep(step, status).frame().dropFirst(Frame.headerBytes))
    }

    private static func read(_ bytes: [UInt8], values: Int = 100) throws(FrameReader.Malformed) -> WorkerStep {
        var reader = FrameReader(bytes, at: 1)
        return try WorkerStep(&reader, values: values)
    }

    @Test func aStepSurvivesTheJourney() throws {
        for step in Self.steps {
            let read = try Self.read(try Self.frame(step))
            #expect("\(read.step)" == "\(step)")
            #expect(read.status.output == Array("printed".utf8))
            #expect(read.status.memoryPeak == 2)
        }
    }

    @Test func everyFieldOfTheLimitsSurvivesTheJourney() throws {
        let limits = LuaLimits(
            memoryBytes: 11, computeTime: .milliseconds(1234), instructions: 12, outputBytes: 15, sourceBytes: 16,
            messageBytes: 13, resultBytes: 17, messageValues: 14, stopClosesState: false)
        var writer = FrameWriter(.open)
        writer.append(limits)
        var reader = FrameReader(Array(try writer.finished().dropFirst(Frame.headerBytes)), at: 1)
        let read = try reader.limits()
        try reader.end()
        let plain = Mirror(reflecting: LuaLimits()).children.map { "\($0.value)" }
        for ((before, after), usual) in zip(
            zip(Mirror(reflecting: limits).children, Mirror(reflecting: read).children), plain)
        {
            #expect("\(before.value)" == "\(after.value)", "\(before.label ?? "")")
            #expect("\(before.value)" != usual, "give \(before.label ?? "") a value of its own here")
        }
    }

    @Test(arguments: [false, true]) func everyFieldOfAModuleSurvivesTheJourney(onDemand: Bool) throws {
        let module = LuaModule(name: "n", source: "return {}", onDemand: onDemand)
        #expect(Mirror(reflecting: module).children.compactMap(\.label) == ["name", "source", "shared"])
        var writer = FrameWriter(.open)
        writer.append(module)
        var reader = FrameReader(Array(try writer.finished().dropFirst(Frame.headerBytes)), at: 1)
        let read = try reader.module()
        try reader.end()
        #expect(read.name == module.name && read.source == module.source)
        #expect((read.shared != nil) == onDemand)
    }

    @Test func aTruncatedStepIsRefusedAtEveryByte() throws {
        for step in Self.steps {
            let bytes = try Self.frame(step)
            for count in 1..<bytes.count {
                #expect(throws: FrameReader.Malformed.self) { try Self.read(Array(bytes[..<count])) }
            }
            #expect(throws: FrameReader.Malformed.self) { try Self.read(bytes + [0]) }
        }
    }

    /// Whatever is read of a changed frame can be used without a trap.
    @Test func changedStepsAreRefusedOrHarmless() throws {
        var random = SystemRandomNumberGenerator()
        for step in Self.steps {
            let bytes = try Self.frame(step)
            for _ in 0..<4000 {
                var changed = bytes
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let place = Int.random(in: 1..<changed.count, using: &random)
                    changed[place] =
                        Bool.random(using: &random) ? .random(in: 0...255) : [0, 1, 8, 127, 255].randomElement()!
                }
                guard let read = try? Self.read(changed) else { continue }
                switch read.step {
                case .finished(let message): use(message)
                case .request(let request): use(request.arguments)
                case .output, .failed: break
                }
            }
        }
    }

    private func use(_ message: LuaMessage) {
        _ = message.values()
        for place in 0..<message.count { _ = try? message.json(at: place) }
    }

    @Test(
        arguments: [
            ([7, 255, 255, 255, 255], "4294967295 values of a message at byte 5"),
            ([6, 5, 0, 0, 0, 97], "5 more bytes of a message at byte 5"),
            ([9], "the tag of a value at byte 0"),
            ([5, 0, 0, 0, 0, 0, 0, 240, 127], "a finite number at byte 1"),
            ([4, 1], "8 more bytes of a message at byte 1"),
            ([0, 0], "the end of a message at byte 1"),
            ([], "a value of a message at byte 0"),
            ([7, 3, 0, 0, 0, 0, 0, 0], "no more values in a message at byte 7"),
        ] as [([UInt8], String)])
    func messagesThatLieAreRefused(bytes: [UInt8], expected: String) {
        let error = #expect(throws: FrameReader.Malformed.self) {
            try LuaMessage(bytes: bytes, count: 1).check(values: 3)
        }
        #expect(error?.description == "expected \(expected) of a frame")
    }

    @Test func messagesNestedTooDeepAreRefused() {
        let list: [UInt8] = [7, 1, 0, 0, 0]
        let deep = { (levels: Int) in
            LuaMessage(bytes: Array(repeatElement(list, count: levels).joined()) + [0], count: 1)
        }
        #expect(throws: Never.self) { try deep(100).check(values: 1000) }
        #expect(throws: FrameReader.Malformed.self) { try deep(101).check(values: 1000) }
        #expect(throws: FrameReader.Malformed.self) { try deep(100_000).check(values: 1_000_000) }
    }
}
