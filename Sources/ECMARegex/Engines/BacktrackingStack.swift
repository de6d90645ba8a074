// SPDX-License-Identifier: Apache-2.0

/// The choices that a ``Backtracker`` may go back to: first in memory that its caller lends, then on the heap.
struct BacktrackingStack {
    struct Entry {
        enum Kind: UInt8 { case choice, greedyRun, lazyRun, slot }

        /// The step to go on at, or the slot.
        var target: Int32
        var run: Int16 = 0
        var kind: Kind
        /// The position, or the least position of a greedy run, or the old value of the slot.
        var position: Int
        /// The position of a greedy run, or the count of code points that a lazy run may still read.
        var extra: Int = 0
    }

    /// Bounds the memory: 24 MB.
    static let maximumCount = 1_000_000

    private var memory: UnsafeMutableBufferPointer<Entry>
    private var isOnHeap = false
    private(set) var count = 0

    init(lent memory: UnsafeMutableBufferPointer<Entry>) { self.memory = memory }

    func deallocate() {
        if isOnHeap { memory.deallocate() }
    }

    var isFull: Bool { count >= Self.maximumCount }

    /// - Precondition: `index` is below ``count``.
    subscript(index: Int) -> Entry {
        get { memory[index] }
        set { memory[index] = newValue }
    }

    @inline(__always)
    mutating func append(_ entry: Entry) {
        if count == memory.count { grow() }
        memory.initializeElement(at: count, to: entry)
        count &+= 1
    }

    @inline(__always)
    mutating func removeLast() -> Entry {
        count &-= 1
        return memory[count]
    }

    mutating func truncate(to count: Int) { self.count = count }

    @inline(never)
    private mutating func grow() {
        let larger = UnsafeMutableBufferPointer<Entry>.allocate(capacity: max(64, memory.count * 4))
        for index in 0..<count { larger.initializeElement(at: index, to: memory[index]) }
        deallocate()
        memory = larger
        isOnHeap = true
    }
}
