// SPDX-License-Identifier: Apache-2.0

import CLuaBridge
import Synchronization

/// The compiled code of a module, made when it is first wanted and kept for all states.
// SAFETY: the bytes are written once, under the lock, and never moved or freed before `deinit`.
@safe final class SharedCode: Sendable {
    private let name: [UInt8]
    private let source: [UInt8]
    private let code = Mutex<Code?>(nil)

    // The pointer is only read.
    @safe private struct Code: @unchecked Sendable { let bytes: clb_bytes }

    init(name: String, source: [UInt8]) {
        self.name = Array(name.utf8)
        self.source = source
    }

    deinit {
        code.withLock { code in
            if let code { unsafe clb_free_code(code.bytes) }
        }
    }

    /// The code, valid as long as this object.
    func bytes() throws(LuaError) -> clb_bytes {
        let made: Result<Code, LuaError> = code.withLock { code in
            if let code { return .success(code) }
            return compile().map { made in
                code = made
                return made
            }
        }
        return unsafe try made.get().bytes
    }

    private func compile() -> Result<Code, LuaError> {
        unsafe name.withUnsafeBufferPointer { name in
            unsafe source.withUnsafeBufferPointer { source in
                var (made, failure) = unsafe (clb_bytes(), clb_bytes())
                let code = unsafe clb_compile(
                    clb_bytes(base: name.baseAddress, count: name.count),
                    clb_bytes(base: source.baseAddress, count: source.count), &made, &failure)
                defer { unsafe clb_free_code(failure) }
                if code == CLB_CODE_NONE { return unsafe .success(Code(bytes: made)) }
                unsafe clb_free_code(made)
                let reason = unsafe String(
                    decoding: UnsafeBufferPointer(start: failure.base, count: failure.count), as: UTF8.self)
                return .failure(LuaError(code == CLB_CODE_SYNTAX ? .syntax : .memory, reason))
            }
        }
    }
}
