// SPDX-License-Identifier: Apache-2.0

/// The members of a JSON object in the order they were written.
///
/// Keys compare by their UTF-8 bytes: `"\u{E9}"` and `"e\u{301}"` are two keys. Two objects are equal when they have
/// equal members in any order (RFC 8259 §4 calls objects unordered).
public struct JSONObject: Sendable {
    public typealias Member = (key: String, value: JSONValue)

    /// The members in order.
    public private(set) var members: [Member]
    /// Position by key, kept only once there are too many members for a scan to be the faster way.
    private var index: [ByteKey: Int]?

    private static let scanLimit = 12

    public init() {
        members = []
    }

    /// Makes an object of `members`; of several members with one key the last value wins, at the place of the first.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        self.init()
        for (key, value) in members { self[key] = value }
    }

    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }
    public var keys: [String] { members.map(\.key) }

    /// The value of `key`. Setting a new key appends it; setting `nil` removes it.
    public subscript(key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let found?, let value?): members[found].value = value
            case (let found?, nil): remove(at: found)
            case (nil, let value?): append(key, value)
            case (nil, nil): break
            }
        }
    }

    /// Appends a member unless the key is there already.
    ///
    /// - Returns: whether the member was appended.
    public mutating func appendIfNew(_ key: String, _ value: JSONValue) -> Bool {
        guard position(of: key) == nil else { return false }
        append(key, value)
        return true
    }

    var isIndexed: Bool { index != nil }

    /// Makes room for `count` members at least.
    public mutating func reserveCapacity(_ count: Int) { members.reserveCapacity(count) }

    /// Appends a member whose key the caller has looked for.
    mutating func appendKnownNew(_ key: String, _ value: JSONValue) { append(key, value) }

    private func position(of key: String) -> Int? {
        if let index { return index[ByteKey(key)] }
        return members.firstIndex { $0.key.hasSameBytes(as: key) }
    }

    private mutating func append(_ key: String, _ value: JSONValue) {
        members.append((key, value))
        if index != nil {
            index?[ByteKey(key)] = members.count - 1
        } else if members.count > Self.scanLimit {
            rebuildIndex()
        }
    }

    private mutating func remove(at position: Int) {
        members.remove(at: position)
        if index != nil { rebuildIndex() }
    }

    private mutating func rebuildIndex() {
        var index: [ByteKey: Int] = [:]
        index.reserveCapacity(members.count * 2)
        for (position, member) in members.enumerated() { index[ByteKey(member.key)] = position }
        self.index = index
    }
}

extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for member in members {
            var one = Hasher()
            member.key.hashBytes(into: &one)
            one.combine(member.value)
            sum &+= one.finalize()
        }
        hasher.combine(sum)
    }
}

extension JSONObject: Sequence {
    public func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}

/// A string that hashes and compares by its UTF-8 bytes.
package struct ByteKey: Hashable, Sendable {
    let text: String

    package init(_ text: String) { self.text = text }

    package static func == (left: ByteKey, right: ByteKey) -> Bool { left.text.hasSameBytes(as: right.text) }

    package func hash(into hasher: inout Hasher) { text.hashBytes(into: &hasher) }
}

extension String {
    /// Whether both strings have the same UTF-8 bytes; `==` would also equate canonically equivalent spellings.
    package func hasSameBytes(as other: String) -> Bool {
        if hasSameRepresentation(as: other) { return true }
        // Equal bytes make equal strings, and `==` is quick to tell that strings differ.
        guard utf8.count == other.utf8.count, self == other else { return false }
        var mine = self
        var theirs = other
        return mine.withUTF8 { left in theirs.withUTF8 { right in unsafe Self.areEqual(left, right) } }
    }

    /// Whether both are the same short string, stored inline, or share their storage. Sound whatever the layout of
    /// `String` is: what is stored in the same bits is the same.
    @inline(__always) private func hasSameRepresentation(as other: String) -> Bool {
        #if _pointerBitWidth(_64)
            let mine = unsafe unsafeBitCast(self, to: (UInt64, UInt64).self)
            let theirs = unsafe unsafeBitCast(other, to: (UInt64, UInt64).self)
            return mine == theirs
        #else
            return false
        #endif
    }

    private static func areEqual(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        var offset = 0
        while offset &+ 8 <= left.count {
            let mine = unsafe UnsafeRawBufferPointer(left).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let theirs = unsafe UnsafeRawBufferPointer(right).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            if mine != theirs { return false }
            offset &+= 8
        }
        while offset < left.count {
            if unsafe left[offset] != right[offset] { return false }
            offset &+= 1
        }
        return true
    }

    package func hashBytes(into hasher: inout Hasher) {
        var copy = self
        copy.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
