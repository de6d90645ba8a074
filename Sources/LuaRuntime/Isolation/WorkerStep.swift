// SPDX-License-Identifier: Apache-2.0

/// What a worker tells after each step of a call: the step, what was printed, and what memory is held.
struct WorkerStep {
    var step: LuaStep
    var status: WorkerStatus

    private enum Kind: UInt8 {
        case finished = 0
        case request
        case output
        case failed
    }

    func frame() throws(LuaError) -> [UInt8] {
        var writer = FrameWriter(.step)
        writer.append(status)
        switch step {
        case .finished(let message):
            writer.append(Kind.finished.rawValue)
            writer.append(message)
        case .request(let request):
            writer.append(Kind.request.rawValue)
            writer.append(request.operation)
            writer.append(request.position)
            writer.append(request.arguments)
        case .output: writer.append(Kind.output.rawValue)
        case .failed(let error):
            writer.append(Kind.failed.rawValue)
            writer.append(error)
        }
        return try writer.finished()
    }

    /// - Parameter values: how many values a message may hold.
    init(_ reader: inout FrameReader, values: Int) throws(FrameReader.Malformed) {
        status = try WorkerStatus(&reader)
        let kind = Kind(rawValue: try reader.byte("a kind of step"))
        switch kind {
        case .finished: step = .finished(try reader.checkedMessage("results", values: values))
        case .request:
            let operation = try reader.text("an operation")
            let position = try reader.text("a position")
            let arguments = try reader.checkedMessage("arguments", values: values)
            step = .request(LuaRequest(operation: operation, arguments: arguments, position: position))
        case .output: step = .output
        case .failed: step = .failed(try reader.error())
        case nil: throw FrameReader.Malformed(expected: "a kind of step", offset: reader.offset - 1)
        }
        try reader.end()
    }

    init(_ step: LuaStep, _ status: WorkerStatus) {
        self.step = step
        self.status = status
    }
}

/// What a worker's state printed since the last report, and holds.
struct WorkerStatus {
    var output: [UInt8]
    var memoryUsed: Int
    var memoryPeak: Int

    init(output: [UInt8], memoryUsed: Int, memoryPeak: Int) {
        self.output = output
        self.memoryUsed = memoryUsed
        self.memoryPeak = memoryPeak
    }

    init(_ reader: inout FrameReader) throws(FrameReader.Malformed) {
        output = try reader.data("output")
        memoryUsed = try reader.count("bytes that Lua holds")
        memoryPeak = try reader.count("bytes that Lua has held")
    }
}

extension FrameWriter {
    mutating func append(_ status: WorkerStatus) {
        append(status.output)
        append(status.memoryUsed)
        append(status.memoryPeak)
    }

    mutating func append(_ error: LuaError) {
        append(error.code.rawValue)
        append(error.message)
        append(error.traceback)
    }
}

extension FrameReader {
    mutating func error() throws(Malformed) -> LuaError {
        let code = LuaError.Code(rawValue: try text("the code of an error"))
        let message = try text("the message of an error")
        return LuaError(code, message, traceback: try text("a traceback"))
    }

    fileprivate mutating func checkedMessage(_ expected: String, values: Int) throws(Malformed) -> LuaMessage {
        let message = try message(expected)
        try message.check(values: values)
        return message
    }
}
