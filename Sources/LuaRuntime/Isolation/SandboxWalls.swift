// SPDX-License-Identifier: Apache-2.0

/// What stands between an isolated state and this machine, as found by trying it in a worker.
public struct SandboxWalls: Sendable {
    /// Something that a worker tried.
    public struct Attempt: Sendable {
        /// What it tried, such as "open a file".
        public let name: String
        /// The errno; 0 when it worked.
        public let error: Int
        /// Whether a worker should be able to do it.
        public let isAllowed: Bool

        /// Whether it came out as it should.
        public var holds: Bool { (error == 0) == isAllowed }
    }

    /// The version of the kernel's Landlock interface, 1 or more.
    public let landlock: Int
    public let attempts: [Attempt]

    /// Whether every attempt came out as it should.
    public var hold: Bool { !attempts.isEmpty && attempts.allSatisfy(\.holds) }
}

extension LuaWorkerPool {
    /// Starts a worker and lets it try what it must not be able to do.
    ///
    /// - Throws: ``LuaError/Code/isolation`` when isolated states are not possible here, with the reason.
    public func walls() throws(LuaError) -> SandboxWalls {
        let link = try take()
        defer { link.end() }
        let frame = try FrameWriter(.probe).finished()
        var wait = WorkerWait(link: link, limit: link.now() &+ WorkerWait.Limit.closing.rawValue) { false }
        guard case .frame(let bytes) = wait.exchange(frame), let attempts = try? Self.attempts(bytes) else {
            throw LuaError(.isolation, "a worker process did not say what it can do")
        }
        return SandboxWalls(landlock: Int(link.landlock), attempts: attempts)
    }

    private static func attempts(_ bytes: [UInt8]) throws(FrameReader.Malformed) -> [SandboxWalls.Attempt] {
        var reader = FrameReader(bytes)
        guard Frame.Report(rawValue: try reader.byte("a kind")) == .probed else {
            throw .init(expected: "what was probed", offset: 0)
        }
        var attempts: [SandboxWalls.Attempt] = []
        while !reader.isAtEnd {
            let name = try reader.text("a name")
            let error = try reader.integer("an error")
            attempts.append(.init(name: name, error: error, isAllowed: try reader.bool("whether it is allowed")))
        }
        return attempts
    }
}
