// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// A run as a line of a list.
public struct RunSummary: Sendable, Equatable {
    public var info: RunInfo
    /// Whether a process has it in hand.
    public var isHeld: Bool
    /// What it was asked first.
    public var prompt: String?

    public init(_ info: RunInfo, isHeld: Bool, prompt: String?) {
        self.info = info
        self.isHeld = isHeld
        self.prompt = prompt
    }

    public var standing: RunStanding {
        info.status == .running && !isHeld ? .cut : RunStanding(rawValue: info.status.rawValue)
    }
}

/// How a run stands, as seen from outside. An open set: the words of ``RunInfo/Status``, and one more.
public struct RunStanding: RawRepresentable, Sendable, Hashable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let running = RunStanding(rawValue: "running")
    public static let done = RunStanding(rawValue: "done")
    public static let failed = RunStanding(rawValue: "failed")
    public static let paused = RunStanding(rawValue: "paused")
    public static let interrupted = RunStanding(rawValue: "interrupted")
    /// Its process ended without a word: killed, or the power went.
    public static let cut = RunStanding(rawValue: "cut")

    public static let known: [RunStanding] = [.running, .done, .failed, .paused, .interrupted, .cut]
}
