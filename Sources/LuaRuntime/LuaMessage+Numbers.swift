// SPDX-License-Identifier: Apache-2.0

import CLuaBridge

/// Numbers of a list, such as a vector.
public enum LuaNumbers: Sendable, Equatable {
    case numbers([Double])
    case integers([Int])
}

extension LuaMessage {
    /// Appends a list of lists of numbers, without a value for each number in between.
    public mutating func append(_ lists: [LuaNumbers]) {
        bytes.reserveCapacity(bytes.count + lists.reduce(5) { $0 + 5 + $1.count * 9 })
        write(list: lists.count)
        for list in lists {
            write(list: list.count)
            switch list {
            case .numbers(let numbers): write(words: numbers, CLB_TAG_NUMBER) { $0.bitPattern }
            case .integers(let integers): write(words: integers, CLB_TAG_INTEGER) { UInt64(bitPattern: Int64($0)) }
            }
        }
        count += 1
    }

    private mutating func write(list count: Int) {
        precondition(count <= UInt32.max, "a list of a message has less than 2^32 parts")
        bytes.append(UInt8(truncatingIfNeeded: CLB_TAG_LIST.rawValue))
        // SAFETY: reads the bytes of a local.
        unsafe withUnsafeBytes(of: UInt32(count)) { unsafe bytes.append(contentsOf: $0) }
    }

    private mutating func write<Value>(words: [Value], _ tag: clb_tag, _ word: (Value) -> UInt64) {
        let tag = UInt8(truncatingIfNeeded: tag.rawValue)
        // SAFETY: nine bytes are written for each value, and room for as many was asked for.
        bytes += unsafe [UInt8](unsafeUninitializedCapacity: words.count * 9) { buffer, filled in
            guard let start = buffer.baseAddress else { return }
            for (place, value) in words.enumerated() {
                let slot = unsafe UnsafeMutableRawPointer(start + place * 9)
                unsafe slot.storeBytes(of: tag, as: UInt8.self)
                unsafe slot.storeBytes(of: word(value), toByteOffset: 1, as: UInt64.self)
            }
            filled = words.count * 9
        }
    }
}

extension LuaNumbers {
    fileprivate var count: Int {
        switch self {
        case .numbers(let numbers): numbers.count
        case .integers(let integers): integers.count
        }
    }
}
