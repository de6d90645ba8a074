// SPDX-License-Identifier: Apache-2.0

import CSandbox

/// Starts worker processes, and keeps some ready. Each worker serves one state and ends with it.
// The C pool locks for itself.
@safe public final class LuaWorkerPool: @unchecked Sendable {
    /// The name of the worker's program.
    public static let programName = "agent-lua-worker"

    private let raw: OpaquePointer?
    private let program: String
    private let patience: UInt64

    /// - Parameters:
    ///   - program: the path of `agent-lua-worker`; `nil` looks for it beside the running program, and beside the
    ///     library that this code is part of.
    ///   - warm: how many workers are kept ready from the first use on, 0 to 16. A ready worker saves the start, about
    ///     5 ms, and holds less than 1 MB.
    ///   - patience: how long after a limit, or a cancellation, a worker may take to stop by itself, which keeps the message
    ///     that says where the script was. Then it is killed; earlier, when it has had 10 ms of processor time since.
    public init(program: String? = nil, warm: Int = 1, patience: Duration = .milliseconds(40)) {
        var place = [CChar](repeating: 0, count: 4096)
        if let program {
            self.program = program
        } else {
            let found = unsafe csb_find_program(Self.programName, &place, place.count)
            let end = place.firstIndex(of: 0) ?? 0
            let path = String(decoding: place[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            self.program = found || !path.isEmpty ? path : Self.programName
        }
        self.patience = UInt64(patience.nanoseconds)
        unsafe raw = csb_pool_make(self.program, UInt32(clamping: warm))
    }

    deinit {
        if let raw = unsafe raw { unsafe csb_pool_free(raw) }
    }

    /// A worker behind its walls.
    ///
    /// - Throws: ``LuaError/Code/isolation`` when there is none, with what to do.
    func take() throws(LuaError) -> WorkerLink {
        do throws(LuaError) { return try start() } catch  where error.code == .closed {
            // A worker that was ready may have been ended from outside meanwhile.
            return try start()
        }
    }

    private func start() throws(LuaError) -> WorkerLink {
        guard let raw = unsafe raw else { throw LuaError(.memory, "no memory for a pool of workers") }
        var worker = csb_worker()
        let error = unsafe csb_pool_take(raw, &worker)
        guard error == 0 else { throw LuaError(.isolation, reason(error)) }
        let link = WorkerLink(worker, patience: patience)
        try link.waitUntilReady()
        return link
    }

    private func reason(_ error: Int32) -> String {
        let begin = "the worker process of an isolated state cannot be started: "
        let text = unsafe String(cString: csb_error_text(error))
        guard csb_error_is_missing(error) else { return begin + "\(program): \(text)" }
        return begin
            + "there is no program \(program); build it with: swift build --product \(Self.programName), or put it beside "
            + "the program that runs"
    }
}
