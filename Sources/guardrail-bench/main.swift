// SPDX-License-Identifier: Apache-2.0

// Measures the ready-made guardrails in CPU time of one thread, the best of several passes over the texts together.
//
// guardrail-bench FILE...          a line each: name, MB/s, finds
// guardrail-bench finds FILE...    what pii, secrets and prompt_injection find, a line each: to look at false finds in one's own texts

import AgentCore
import Guardrails

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

func contents(of path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    return String(decoding: bytes, as: UTF8.self)
}

func cpuNanoseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// The least time of a pass, of at least three and for about a second.
func best(_ pass: () async throws -> Int) async rethrows -> (nanoseconds: Double, finds: Int) {
    var (least, total, passes, finds) = (Double.infinity, 0.0, 0, 0)
    while passes < 3 || total < 1e9 {
        let start = cpuNanoseconds()
        finds = try await pass()
        let elapsed = cpuNanoseconds() - start
        (least, total, passes) = (min(least, elapsed), total + elapsed, passes + 1)
    }
    return (least, finds)
}

func report(_ name: String, bytes: Int, _ pass: () async throws -> Int) async rethrows {
    let measured = try await best(pass)
    let speed = Double(bytes) / measured.nanoseconds * 1000
    print("\(name)\t\((speed * 10).rounded() / 10)\t\(measured.finds)")
}

func shown(_ text: String, _ range: Range<Int>) -> String {
    String(decoding: Array(text.utf8)[range].prefix(120), as: UTF8.self).split(separator: "\n").joined(separator: "⏎")
}

let (personal, secrets, injection) = (PersonalDataGuardrail(), SecretsGuardrail(), PromptInjectionGuardrail())
let arguments = CommandLine.arguments.dropFirst()
if arguments.first == "finds" {
    for path in arguments.dropFirst() {
        let text = contents(of: path)
        for find in personal.finds(in: text) {
            print("\(path)\tpii\t\(find.kind.rawValue)\t\(shown(text, find.range))")
        }
        for find in secrets.finds(in: text) {
            print("\(path)\tsecrets\t\(find.kind.rawValue)\t\(shown(text, find.range))")
        }
        let verdict = try await injection.check(GuardrailSubject(.toolResult, text))
        if let finding = verdict.finding { print("\(path)\tinjection\t\(finding.score ?? 0)\t\(finding.reason)") }
    }
} else {
    let texts = arguments.map(contents)
    let bytes = texts.reduce(0) { $0 + $1.utf8.count }
    await report("pii", bytes: bytes) { texts.reduce(0) { $0 + personal.finds(in: $1).count } }
    await report("secrets", bytes: bytes) { texts.reduce(0) { $0 + secrets.finds(in: $1).count } }
    await report("pii+secrets", bytes: bytes) {
        texts.reduce(0) { $0 + personal.finds(in: $1).count + secrets.finds(in: $1).count }
    }
    try await report("prompt_injection", bytes: bytes) {
        var found = 0
        for text in texts where try await injection.check(GuardrailSubject(.toolResult, text)) != .pass { found += 1 }
        return found
    }
}
