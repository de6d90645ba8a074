// SPDX-License-Identifier: Apache-2.0

package import AgentCore

/// Where the bars of a timeline stand: what is inside of a step stands below it, what went on at the same time side by side.
package struct TimelineLayout {
    package struct Bar {
        package let record: JournalRecord
        /// From 0 on, from the top.
        package let lane: Int
        /// Shares of the whole time.
        package let start: Double
        package let width: Double
    }

    package private(set) var bars: [Bar] = []
    /// Lanes in use.
    package private(set) var lanes = 0
    /// Steps for which there was no lane.
    package private(set) var hidden = 0
    /// Microseconds.
    package let length: Int64

    private let begin: Int64
    private let end: Int64
    private let limit: Int

    /// - Parameter limit: lanes at most.
    package init(_ run: RecordedRun, limit: Int = 48) {
        let first = run.records.map(\.began).min() ?? run.info.began
        begin = min(first, run.info.began == 0 ? first : run.info.began)
        end = run.lastMoment
        length = max(1, end - begin)
        self.limit = limit
        let blocks = run.tree.map { Block($0, end: end) }
        place(blocks, from: 0)
    }

    private mutating func place(_ blocks: [Block], from lane: Int) {
        let tracks = Track.arranged(blocks)
        var first = lane
        for track in tracks {
            for block in track.blocks {
                guard first < limit else {
                    hidden += block.count
                    continue
                }
                add(block, at: first)
                place(block.children, from: first + 1)
            }
            first += track.height
        }
    }

    private mutating func add(_ block: Block, at lane: Int) {
        lanes = max(lanes, lane + 1)
        let start = Double(max(0, block.record.began - begin)) / Double(length)
        let width = Double(max(0, block.end - block.record.began)) / Double(length)
        bars.append(Bar(record: block.record, lane: lane, start: min(start, 1), width: min(width, 1 - min(start, 1))))
    }
}

/// A step with the lanes that it and what is inside of it need.
private struct Block {
    let record: JournalRecord
    let end: Int64
    let children: [Block]
    let height: Int
    let count: Int

    init(_ node: RunNode, end last: Int64) {
        record = node.record
        end = max(node.record.began, node.record.ended ?? last)
        children = node.children.map { Block($0, end: last) }
        height = 1 + Track.arranged(children).reduce(0) { $0 + $1.height }
        count = node.count
    }
}

/// Blocks that went on one after another.
private struct Track {
    var blocks: [Block]
    var height: Int { blocks.map(\.height).max() ?? 0 }

    static func arranged(_ blocks: [Block]) -> [Track] {
        var tracks: [Track] = []
        for block in blocks.sorted(by: { ($0.record.began, $0.record.number) < ($1.record.began, $1.record.number) }) {
            if let free = tracks.firstIndex(where: { ($0.blocks.last?.end ?? 0) <= block.record.began }) {
                tracks[free].blocks.append(block)
            } else {
                tracks.append(Track(blocks: [block]))
            }
        }
        return tracks
    }
}
