// SPDX-License-Identifier: Apache-2.0

/// How strongly a Lua state is held.
///
/// The same script has the same results in both strengths, with the same limits and the same requests to the host.
public struct Sandbox: Sendable {
    /// The workers of isolated states; `nil` in process.
    let workers: LuaWorkerPool?

    /// The script runs in the host's process, held by the limits and by the libraries it does not get. For one's own
    /// scripts: an unknown fault in Lua's own code would be a fault of the host.
    public static let inProcess = Sandbox(workers: nil)

    /// The script runs in a process of its own, which has no files, no network, no other processes, a limit of memory
    /// and of processor time, and is killed when a deadline passes. Linux with Landlock and seccomp only: elsewhere
    /// opening a state fails.
    ///
    /// Uses one pool for the whole process, which keeps one worker ready from the first use on.
    public static let isolated = Sandbox(workers: LuaWorkerPool())

    /// ``isolated``, with workers of a pool of one's own.
    public static func isolated(in pool: LuaWorkerPool) -> Sandbox { Sandbox(workers: pool) }

    public var isIsolated: Bool { workers != nil }
}
