// SPDX-License-Identifier: Apache-2.0

import Testing

// Internals: each engine is asked alone.
@testable import ECMARegex

@Suite struct LimitTests {
    @Test(arguments: ["^(a+)+$", "(a|a)*b", "(.*)*x", "^(a|aa)+$", "(?=(a+)+$)b|^(a*)*$", "(x+x+)+y", "(a?){30}a{30}b"])
    func patternsWithoutReferencesAreDecided(pattern: String) throws {
        let regex = try ECMARegex(pattern)
        #expect(regex.search(String(repeating: "a", count: 5000) + "!") == .noMatch)
        #expect(regex.search(String(repeating: "x", count: 5000) + "!") != .exhausted)
    }

    @Test func referencesStopAtTheLimit() throws {
        let text = String(repeating: "a", count: 300) + "!"
        #expect(try ECMARegex(#"^(?:(a+)\1*)+$"#).search(text) == .exhausted)
        #expect(try ECMARegex(#"^((a|aa)+)+\1b"#).search(text) == .exhausted)
    }

    @Test func stepsAreCountedInProportionToTheText() throws {
        let program = try #require(try linear("^(a+)+$|(a|a)*b"))
        for count in [10, 100, 1000] {
            let text = Array(repeating: UInt8(ascii: "a"), count: count)
            let answer = text.withUnsafeBufferPointer {
                LinearSearch.search(program, $0, steps: (count + 1) * program.main.code.count)
            }
            #expect(answer == (true as Bool?))
        }
    }

    private func linear(_ pattern: String) throws -> LinearProgram? {
        let program = LinearProgram(try PatternParser.parse(pattern))
        return program.isComplete ? program : nil
    }

    @Test(arguments: [
        "^.{2,}$", #"\p{L}+x"#, #"(?<=é)."#, #"(.)\1"#, #"\B"#, "^[^a]*$", "(?i:k)", #"\b"#, "^(?:é|x)+$", "(?m:^$)",
    ]) func bytesThatAreNotUTF8AreHarmless(pattern: String) throws {
        let regex = try ECMARegex(pattern)
        var random = Generator(state: 7)
        let bytes: [UInt8] = [0x80, 0xBF, 0xC0, 0xC3, 0xA9, 0xE2, 0xED, 0xF0, 0xF4, 0xF5, 0xFF, 0x61, 0x0A]
        for _ in 0..<500 {
            let text = (0..<random.next(9)).map { _ in bytes[random.next(bytes.count)] }
            text.withUnsafeBufferPointer { _ = regex.search($0) }
        }
    }

    /// All ways to search must agree, on patterns and texts from a seeded generator.
    @Test func enginesAgree() throws {
        var random = Generator(state: 42)
        for _ in 0..<1500 {
            let text = random.alternatives(depth: 3)
            guard let pattern = try? PatternParser.parse(text) else { continue }
            var compiler = ProgramCompiler(pattern, purpose: .backtracking)
            try compiler.compile()
            let image = ProgramImage(compiler.program)
            let linear = LinearProgram(pattern)
            let automaton = linear.isComplete ? AutomatonBuilder.build(linear.main) : nil
            let regex = try ECMARegex(text)
            for _ in 0..<8 {
                var subject = random.subject()
                subject.withUTF8 { bytes in
                    let expected = LinearSearch.search(linear, bytes, steps: .max)
                    let backtracked = Backtracker.search(image, bytes, steps: 1_000_000)
                    if backtracked != .outOfSteps {
                        #expect((backtracked == .match) == expected, "\(text)")
                    }
                    if let automaton { #expect(automaton.search(bytes) == expected, "\(text)") }
                    #expect((regex.search(bytes) == .match) == expected, "\(text)")
                }
            }
        }
    }
}

/// Numbers, patterns and texts that are the same in every run.
private struct Generator {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    private mutating func pick(_ choices: [String]) -> String { choices[next(choices.count)] }

    mutating func subject() -> String {
        (0..<next(8)).map { _ in pick(["a", "b", "0", "-", "é", "🐲", "\n", " ", "ab"]) }.joined()
    }

    mutating func alternatives(depth: Int) -> String {
        (0...(next(4) == 0 ? 1 : 0)).map { _ in (0..<next(4)).map { _ in term(depth) }.joined() }.joined(separator: "|")
    }

    private mutating func term(_ depth: Int) -> String {
        let choice = next(depth > 0 ? 12 : 7)
        let atom: String
        switch choice {
        case 0: return pick(["^", "$", #"\b"#, #"\B"#])
        case 1...3: atom = pick(["a", "b", "0", "-", "é", "🐲"])
        case 4...6: atom = pick([".", #"\w"#, #"\S"#, "[a-b]", "[^a]", "[é0]", #"\p{L}"#, "(?i:A)"])
        case 7...10: atom = "(" + alternatives(depth: depth - 1) + ")"
        default: return pick(["(?=", "(?!", "(?<=", "(?<!"]) + alternatives(depth: depth - 1) + ")"
        }
        return atom + pick(["", "", "", "*", "+", "?", "*?", "{2}", "{0,2}", "{2,}"])
    }
}
