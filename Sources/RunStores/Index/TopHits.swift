// SPDX-License-Identifier: Apache-2.0

/// The best of many scores: a heap with the worst of those kept on top.
struct TopHits: Sendable {
    private let limit: Int
    private var heap: [(row: Int, score: Float)] = []

    init(_ limit: Int) { self.limit = limit }

    mutating func offer(_ row: Int, _ score: Float) {
        if heap.count < limit {
            heap.append((row, score))
            rise()
        } else if let worst = heap.first, Self.isBetter((row, score), worst) {
            heap[0] = (row, score)
            sink()
        }
    }

    mutating func merge(_ other: TopHits) { for hit in other.heap { offer(hit.row, hit.score) } }

    /// The best first.
    var sorted: [(row: Int, score: Float)] { heap.sorted(by: Self.isBetter) }

    private static func isBetter(_ left: (row: Int, score: Float), _ right: (row: Int, score: Float)) -> Bool {
        left.score != right.score ? left.score > right.score : left.row < right.row
    }

    private mutating func rise() {
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard Self.isBetter(heap[parent], heap[child]) else { return }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var worst = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if Self.isBetter(heap[worst], heap[child]) { worst = child }
            }
            if worst == parent { return }
            heap.swapAt(parent, worst)
            parent = worst
        }
    }
}
