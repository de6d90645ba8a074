// SPDX-License-Identifier: Apache-2.0

import CLuaBridge
import JSONCore

/// What the bridge's C code calls to read JSON text and to write doubles: the one place where Swift runs below Lua.
///
/// Each function computes, returns normally and touches no Lua, so that no jump of Lua's can pass over a Swift frame.
final class JSONDocuments {
    /// A tape of more values or text than this is given back when a call ends.
    private static let keptText = 64 << 10

    private var tape = JSONTape()
    private var reason: [UInt8] = []
    private var isLarge = false

    /// The functions, for a state that lives no longer than this object.
    var functions: clb_json {
        unsafe clb_json(
            host: Unmanaged.passUnretained(self).toOpaque(),
            read: { host, text, values, document, failure in
                guard let host = unsafe host else { return false }
                let documents = unsafe Unmanaged<JSONDocuments>.fromOpaque(host).takeUnretainedValue()
                let bytes = unsafe UnsafeRawBufferPointer(start: text.base, count: text.count)
                guard unsafe documents.read(bytes, values: values) else {
                    unsafe documents.lendReason(to: failure)
                    return false
                }
                unsafe documents.lendDocument(to: document)
                return true
            },
            number: { value, place in
                var text = value.description
                return text.withUTF8 { bytes in
                    guard let start = bytes.baseAddress, bytes.count <= Int(CLB_NUMBER_MOST) else { return 0 }
                    unsafe place.update(from: start, count: bytes.count)
                    return bytes.count
                }
            },
            trim: { host in
                guard let host = unsafe host else { return }
                unsafe Unmanaged<JSONDocuments>.fromOpaque(host).takeUnretainedValue().trim()
            })
    }

    private func read(_ text: UnsafeRawBufferPointer, values: Int) -> Bool {
        var limits = JSONLimits(depth: Int(CLB_MESSAGE_DEPTH))
        limits.values = min(limits.values, values)
        isLarge = isLarge || text.count > Self.keptText
        do throws(JSONError) {
            try unsafe tape.parse(text, limits: limits)
            return true
        } catch {
            reason = Array(error.description.utf8)
            return false
        }
    }

    // SAFETY: the pointers are used until the next `read` or `trim`, and only those change what they point to.
    private func lendDocument(to document: UnsafeMutablePointer<clb_document>) {
        unsafe tape.withView { view in
            unsafe document.pointee.slots = UnsafeRawPointer(view.slots).assumingMemoryBound(to: clb_slot.self)
            unsafe document.pointee.text = unsafe view.text
        }
    }

    private func lendReason(to failure: UnsafeMutablePointer<clb_bytes>) {
        unsafe reason.withUnsafeBufferPointer { bytes in
            unsafe failure.pointee = clb_bytes(base: bytes.baseAddress, count: bytes.count)
        }
    }

    private func trim() {
        guard isLarge else { return }
        tape = JSONTape()
        isLarge = false
    }
}
