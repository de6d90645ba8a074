// SPDX-License-Identifier: Apache-2.0

extension FrameWriter {
    /// Every field of the limits; ``FrameReader/limits()`` reads them in the same order.
    mutating func append(_ limits: LuaLimits) {
        append(limits.memoryBytes)
        append(limits.computeTime)
        append(limits.instructions)
        append(limits.outputBytes)
        append(limits.sourceBytes)
        append(limits.messageBytes)
        append(limits.resultBytes)
        append(limits.messageValues)
        append(limits.stopClosesState)
    }

    /// Every field of a module.
    mutating func append(_ module: LuaModule) {
        append(module.name)
        append(module.source)
        append(module.shared != nil)
    }

    private mutating func append(_ duration: Duration?) {
        append(duration != nil)
        let (seconds, attoseconds) = (duration ?? .zero).components
        append(UInt64(bitPattern: seconds))
        append(UInt64(bitPattern: attoseconds))
    }
}

extension FrameReader {
    mutating func limits() throws(Malformed) -> LuaLimits {
        var limits = LuaLimits()
        limits.memoryBytes = try integer("bytes of memory")
        limits.computeTime = try duration("time to compute")
        limits.instructions = try integer("instructions")
        limits.outputBytes = try integer("bytes of output")
        limits.sourceBytes = try integer("bytes of source")
        limits.messageBytes = try integer("bytes of a message")
        limits.resultBytes = try integer("bytes of results")
        limits.messageValues = try integer("values of a message")
        limits.stopClosesState = try bool("whether a stop closes the state")
        return limits
    }

    mutating func module() throws(Malformed) -> LuaModule {
        let name = try text("the name of a module")
        let source = try data("the source of a module")
        return LuaModule(name: name, source: source, onDemand: try bool("whether a module is loaded on demand"))
    }

    private mutating func duration(_ expected: String) throws(Malformed) -> Duration? {
        let isThere = try bool(expected)
        let seconds = Int64(bitPattern: try word(expected))
        let attoseconds = Int64(bitPattern: try word(expected))
        return isThere ? Duration(secondsComponent: seconds, attosecondsComponent: attoseconds) : nil
    }
}
