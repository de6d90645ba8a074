// SPDX-License-Identifier: Apache-2.0

import CLuaBridge

/// What a call wants after it has run for a while.
enum LuaStep {
    case finished(LuaMessage)
    case request(LuaRequest)
    /// The buffer of `print` is full.
    case output
    case failed(LuaError)
}

/// A call in flight. Only ``cancel()`` may be used away from the state's actor, and only until the call is closed.
// `cancel()` stores one atomic flag; everything else goes through `LuaBridge`, which the actor confines.
@safe struct LuaCall: @unchecked Sendable {
    fileprivate let raw: OpaquePointer

    fileprivate init(_ raw: OpaquePointer) { unsafe self.raw = raw }

    func cancel() { unsafe clb_call_cancel(raw) }
}

/// The only code that calls into C.
// Confined to its `LuaState`; only `cancel()` runs elsewhere, and it stores one atomic flag.
@safe final class LuaBridge: @unchecked Sendable {
    private let raw: OpaquePointer
    private let documents: JSONDocuments

    init(_ limits: LuaLimits, modules: [LuaModule]) throws(LuaError) {
        documents = JSONDocuments()
        var failure = unsafe clb_bytes()
        var limits = clb_limits(limits)
        var json = unsafe documents.functions
        guard let raw = unsafe clb_state_open(&limits, &json, &failure) else {
            throw LuaError(.memory, "no memory for a Lua state")
        }
        unsafe self.raw = raw
        if unsafe clb_state_stopped(raw) != CLB_CODE_NONE { throw unsafe LuaError(.runtime, text(failure)) }
        for module in modules { try load(module) }
        let sealed = unsafe clb_state_seal(raw, &failure)
        if let code = LuaError.Code(sealed) { throw unsafe LuaError(code, text(failure)) }
    }

    deinit { unsafe clb_state_close(raw) }

    private func load(_ module: LuaModule) throws(LuaError) {
        var failure = unsafe clb_bytes()
        let code = unsafe lend(Array(module.name.utf8)) { name in
            unsafe lend(module.source) { source in unsafe clb_state_load_module(raw, name, source, &failure) }
        }
        if let code = LuaError.Code(code) { throw unsafe LuaError(code, text(failure)) }
    }

    func cancel() { unsafe clb_state_cancel(raw) }
    func collect() { unsafe clb_state_collect(raw) }
    var memoryUsed: Int { unsafe clb_state_memory(raw) }
    var memoryPeak: Int { unsafe clb_state_memory_peak(raw) }
    var liveCalls: Int { unsafe clb_state_calls(raw) }

    /// Takes away what scripts have printed; `nil` when it is nothing.
    func takeOutput() -> [UInt8]? {
        let output = unsafe clb_state_output(raw)
        guard unsafe output.count > 0 else { return nil }
        defer { unsafe clb_state_clear_output(raw) }
        return unsafe bytes(output)
    }

    func open(deadline: ContinuousClock.Instant?) throws(LuaError) -> LuaCall {
        let remaining = deadline.map { ContinuousClock.now.duration(to: $0).nanoseconds }
        switch unsafe clb_state_stopped(raw) {
        case CLB_CODE_NONE: break
        case CLB_CODE_CANCELLED: throw LuaError(.closed, "the Lua state is closed: it was cancelled")
        case CLB_CODE_MEMORY: throw LuaError(.closed, "the Lua state is closed: a script reached its memory limit")
        default: throw LuaError(.closed, "the Lua state is closed: a script on it reached a limit")
        }
        guard let call = unsafe clb_call_open(raw, remaining ?? -1) else {
            throw LuaError(.memory, "not enough memory for a call")
        }
        return unsafe LuaCall(call)
    }

    func close(_ call: LuaCall) { unsafe clb_call_close(call.raw) }

    func run(_ call: LuaCall, chunk: [UInt8], name: String, arguments: LuaMessage) -> LuaStep {
        unsafe step { step in
            unsafe lend(chunk) { chunk in
                unsafe lend(Array(name.utf8)) { name in
                    unsafe lend(arguments.bytes) { unsafe clb_call_run(call.raw, chunk, name, $0, step) }
                }
            }
        }
    }

    func call(_ call: LuaCall, entry: String, arguments: LuaMessage) -> LuaStep {
        var entry = entry
        return unsafe step { step in
            entry.withUTF8 { name in
                unsafe lend(arguments.bytes) { values in
                    unsafe clb_call_entry(call.raw, clb_bytes(base: name.baseAddress, count: name.count), values, step)
                }
            }
        }
    }

    func answer(_ call: LuaCall, _ answer: LuaAnswer) -> LuaStep {
        unsafe step { step in
            switch answer {
            case .values(let message): unsafe lend(message.bytes) { unsafe clb_call_answer(call.raw, $0, step) }
            case .raise(let text): unsafe lend(Array(text.utf8)) { unsafe clb_call_raise(call.raw, $0, step) }
            }
        }
    }

    func resume(_ call: LuaCall) -> LuaStep {
        unsafe step { unsafe clb_call_resume(call.raw, $0) }
    }

    private func step(_ body: (UnsafeMutablePointer<clb_step>) -> Void) -> LuaStep {
        var step = unsafe clb_step()
        unsafe body(&step)
        switch unsafe step.status {
        case CLB_DONE:
            return .finished(unsafe LuaMessage(bytes: bytes(step.message), count: step.values))
        case CLB_OUTPUT: return .output
        case CLB_REQUEST:
            return .request(
                unsafe LuaRequest(
                    operation: text(step.operation),
                    arguments: LuaMessage(bytes: bytes(step.message), count: step.values),
                    position: text(step.position)))
        default:
            let code = unsafe LuaError.Code(step.code) ?? .runtime
            return .failed(unsafe LuaError(code, text(step.message), traceback: text(step.traceback)))
        }
    }
}

/// Lends the bytes to C for the duration of `body`.
private func lend<Result>(_ bytes: [UInt8], to body: (clb_bytes) -> Result) -> Result {
    unsafe bytes.withUnsafeBufferPointer { unsafe body(clb_bytes(base: $0.baseAddress, count: $0.count)) }
}

private func bytes(_ bytes: clb_bytes) -> [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: bytes.base, count: bytes.count))
}

private func text(_ bytes: clb_bytes) -> String {
    unsafe String(decoding: UnsafeBufferPointer(start: bytes.base, count: bytes.count), as: UTF8.self)
}

extension clb_limits {
    fileprivate init(_ limits: LuaLimits) {
        self.init(
            memory: max(limits.memoryBytes, 0), compute_ns: UInt64(limits.computeTime?.nanoseconds ?? 0),
            instructions: Int64(max(limits.instructions, 0)), output_bytes: max(limits.outputBytes, 0),
            source_bytes: max(limits.sourceBytes, 0), message_bytes: max(limits.messageBytes, 0), result_bytes: max(limits.resultBytes, 0),
            message_values: UInt32(clamping: limits.messageValues), call_limit_ends_state: limits.stopClosesState)
    }
}

extension LuaError.Code {
    /// `nil` for `CLB_CODE_NONE`.
    fileprivate init?(_ code: clb_code) {
        switch code {
        case CLB_CODE_NONE: return nil
        case CLB_CODE_SYNTAX: self = .syntax
        case CLB_CODE_MEMORY: self = .memory
        case CLB_CODE_TIMEOUT: self = .timeout
        case CLB_CODE_CANCELLED: self = .cancelled
        case CLB_CODE_INSTRUCTIONS: self = .instructions
        case CLB_CODE_CLOSED: self = .closed
        case CLB_CODE_CONVERSION: self = .conversion
        case CLB_CODE_OUTPUT: self = .output
        default: self = .runtime
        }
    }
}

extension Duration {
    /// Nanoseconds, not negative; more than Int64 holds (292 years) counts as that.
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        if seconds < 0 || attoseconds < 0 { return 0 }
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || carry ? .max : sum
    }
}
