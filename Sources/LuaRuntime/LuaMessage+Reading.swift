// SPDX-License-Identifier: Apache-2.0

public import JSONCore

extension LuaMessage {
    /// The values, with strings as they are.
    public func values() -> [LuaValue] {
        // SAFETY: the reader stays inside of the buffer and does not outlive it.
        unsafe bytes.withUnsafeBytes { buffer in
            var reader = unsafe MessageReader(buffer)
            return (0..<count).map { _ in reader.luaValue() }
        }
    }

    /// The value at `position`, counted from 0, as JSON.
    ///
    /// - Returns: the value; null for Lua's `nil` and for a position without a value.
    /// - Throws: ``LuaError/Code/conversion`` for a string that is not UTF-8, with its path.
    public func json(at position: Int) throws(LuaError) -> JSONValue {
        guard position >= 0, position < count else { return .null }
        // SAFETY: the reader stays inside of the buffer and does not outlive it.
        let result: Result<JSONValue, MessageReader.Failure> = unsafe bytes.withUnsafeBytes { buffer in
            var reader = unsafe MessageReader(buffer)
            for _ in 0..<position { reader.skip() }
            do throws(MessageReader.Failure) { return .success(try reader.jsonValue()) } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let value): return value
        case .failure(let failure): throw failure.error(at: position)
        }
    }
}
