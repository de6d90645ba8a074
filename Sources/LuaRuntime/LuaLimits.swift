// SPDX-License-Identifier: Apache-2.0

/// What the scripts of one state may use.
///
/// No script can catch that a limit of memory, time, instructions or output was reached, and a script in time pays nothing
/// for the limits of time. Long functions of the library (patterns, sorting, loading, …) are counted and stopped as well.
public struct LuaLimits: Sendable {
    /// Bytes the Lua allocator may hold at once, the libraries (about 25 KB) and modules included; 0 means no limit.
    /// A script that reaches it is stopped for good, and the state with it.
    public var memoryBytes: Int
    /// The CPU time that one call may spend computing; while it waits for the host it spends none. `nil` means no limit.
    public var computeTime: Duration?
    /// VM instructions of one call, counted in steps of 1000, so that a call may run up to 999 more; 0 means no limit.
    ///
    /// The same script stops at the same place each time. Counting costs: tight loops take up to twice as long.
    public var instructions: Int
    /// Bytes that one call may print; 0 means no limit.
    public var outputBytes: Int
    /// Bytes of one chunk of source, the file itself or what it gives to `load`; 0 means no limit.
    public var sourceBytes: Int
    /// Bytes of what one request to the host takes out of Lua, such as the text of a file to write.
    public var messageBytes: Int
    /// Bytes of what one call returns.
    public var resultBytes: Int
    /// Values in one message that leaves Lua, each list, object and member counted.
    public var messageValues: Int
    /// Whether a call that is stopped by a limit of time, instructions or output while it computes closes the state.
    ///
    /// It was stopped at an arbitrary instruction, so what it shares with other calls may be half changed. Set to
    /// `false` where calls share nothing they change, or where a failed call must not end the others. A cancelled task
    /// never closes the state.
    public var stopClosesState: Bool

    public init(
        memoryBytes: Int = 64 << 20, computeTime: Duration? = .seconds(10), instructions: Int = 0,
        outputBytes: Int = 64 << 20, sourceBytes: Int = 1 << 20, messageBytes: Int = 64 << 20, resultBytes: Int = 16 << 20,
        messageValues: Int = 1_000_000, stopClosesState: Bool = true
    ) {
        self.memoryBytes = memoryBytes
        self.computeTime = computeTime
        self.instructions = instructions
        self.outputBytes = outputBytes
        self.sourceBytes = sourceBytes
        self.messageBytes = messageBytes
        self.resultBytes = resultBytes
        self.messageValues = messageValues
        self.stopClosesState = stopClosesState
    }
}
