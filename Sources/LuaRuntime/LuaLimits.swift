// SPDX-License-Identifier: Apache-2.0

/// What the scripts of one state may use.
///
/// The limits hold against hostile code as far as Lua itself goes; one long library call, such as a pathological
/// `string.find` pattern, ends before a limit of time or instructions is looked at.
public struct LuaLimits: Sendable {
    /// Bytes the Lua allocator may hold at once, the libraries (about 25 KB) and modules included; 0 means no limit.
    /// A script that reaches it is stopped for good, and the state with it.
    public var memoryBytes: Int
    /// How long one call may compute; time in which it waits for the host does not count. `nil` means no limit.
    public var computeTime: Duration?
    /// VM instructions of one call, counted in steps of 1000, so that a call may run up to 999 more; 0 means no limit.
    public var instructions: Int
    /// Bytes of one message that leaves Lua: the arguments of a request, or the results of a call.
    public var messageBytes: Int
    /// Values in one message that leaves Lua, each list, object and member counted.
    public var messageValues: Int
    /// Whether a call that is stopped by a limit of time or instructions while it computes closes the state.
    ///
    /// It was stopped at an arbitrary instruction, so what it shares with other calls may be half changed. Set to
    /// `false` where calls share nothing they change, or where a failed call must not end the others. A cancelled task
    /// never closes the state.
    public var stopClosesState: Bool

    public init(
        memoryBytes: Int = 64 << 20, computeTime: Duration? = nil, instructions: Int = 0, messageBytes: Int = 64 << 20,
        messageValues: Int = 1_000_000, stopClosesState: Bool = true
    ) {
        self.memoryBytes = memoryBytes
        self.computeTime = computeTime
        self.instructions = instructions
        self.messageBytes = messageBytes
        self.messageValues = messageValues
        self.stopClosesState = stopClosesState
    }
}
