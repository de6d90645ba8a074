// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc
import Synchronization

/// The embedded model through the whole runtime, and the engine driven directly with the very same request: tokens/s of
/// generation, in pairs.
enum LocalSpeedBench {
    static func run() async throws {
        let host = RuntimeHost(variables: { name in getenv(name).map { String(cString: $0) } })
        let model = try host.model("local")
        var agent = Agent(model: model)
        agent.options.maxTokens = 96
        let prompt = "Write a paragraph of about eighty words on how rivers shape valleys."
        _ = try await timed(agent, prompt)
        var ratios: [Double] = []
        for round in 1...5 {
            let ours = try await timed(agent, prompt)
            let direct = try await direct(host, agent, prompt)
            ratios.append(ours.rate / direct.rate)
            print(
                "round \(round): through the runtime \(rounded(ours.rate)) tokens/s, first token after "
                    + "\(rounded(ours.first, 3)) s; engine directly \(rounded(direct.rate)) tokens/s, first after "
                    + "\(rounded(direct.first, 3)) s; ratio \(rounded(ratios.last ?? 0, 3))")
        }
        print("median ratio \(rounded(ratios.sorted()[ratios.count / 2], 3))")
        await host.shutdown()
    }

    private static func timed(_ agent: Agent, _ prompt: String) async throws -> (rate: Double, first: Double) {
        let marks = Marks()
        let result = try await agent.run([.user(prompt)]) { event in
            if case .text = event { marks.note() }
        }
        return marks.rate(tokens: result.usage.completionTokens)
    }

    /// The same request without loop, form and decoder: bytes in, bytes out.
    private static func direct(_ host: RuntimeHost, _ agent: Agent, _ prompt: String) async throws -> (
        rate: Double, first: Double
    ) {
        let marks = Marks()
        let body = try agent.model.wireRequest(for: try agent.firstRequest([.user(prompt)]))
        let tokens = try await EngineProbe.stream(host, body) { marks.note() }
        return marks.rate(tokens: tokens)
    }
}

/// When the first and the last piece came.
final class Marks: Sendable {
    private let state = Mutex<
        (start: ContinuousClock.Instant, first: ContinuousClock.Instant?, last: ContinuousClock.Instant)
    >(
        (.now, nil, .now))

    func note() {
        state.withLock { state in
            state.last = .now
            if state.first == nil { state.first = .now }
        }
    }

    func rate(tokens: Int) -> (rate: Double, first: Double) {
        state.withLock { state in
            let seconds = { (duration: Duration) in
                Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
            }
            let first = state.first ?? state.last
            return (Double(tokens - 1) / max(seconds(state.last - first), 1e-9), seconds(first - state.start))
        }
    }
}
