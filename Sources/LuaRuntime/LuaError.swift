// SPDX-License-Identifier: Apache-2.0

/// Why a script, or the exchange of values with it, failed.
public struct LuaError: Error, Hashable {
    /// The kind of failure.
    public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        public let rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        /// The source could not be compiled.
        public static let syntax = Code(rawValue: "syntax")
        /// The script raised an error and did not catch it.
        public static let runtime = Code(rawValue: "runtime")
        /// The memory limit was reached; the state is closed.
        public static let memory = Code(rawValue: "memory")
        /// The call's deadline passed, or it computed for too long.
        public static let timeout = Code(rawValue: "timeout")
        /// ``LuaState/cancel()`` stopped the state. A cancelled task throws `CancellationError` instead.
        public static let cancelled = Code(rawValue: "cancelled")
        /// The call executed too many instructions.
        public static let instructions = Code(rawValue: "instructions")
        /// The call printed too much.
        public static let output = Code(rawValue: "output")
        /// The state was closed before, because a script on it had to be stopped.
        public static let closed = Code(rawValue: "closed")
        /// A value cannot cross between Lua and Swift.
        public static let conversion = Code(rawValue: "conversion")

        public var description: String { rawValue }
    }

    public let code: Code
    /// A sentence; it starts with `file:line:` of the script where that is known.
    public let message: String
    /// The Lua functions that were active, innermost first, without those of modules; empty when there were none.
    public let traceback: String

    public init(_ code: Code, _ message: String, traceback: String = "") {
        self.code = code
        self.message = message
        self.traceback = traceback
    }
}

extension LuaError: CustomStringConvertible {
    public var description: String { message }
}
