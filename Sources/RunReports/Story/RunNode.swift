// SPDX-License-Identifier: Apache-2.0

package import AgentCore

/// A record with the records inside of it.
package struct RunNode: Sendable {
    package let record: JournalRecord
    package let children: [RunNode]

    /// How many records it is, itself included.
    package var count: Int { children.reduce(1) { $0 + $1.count } }
}

extension RecordedRun {
    /// The records as a tree, in the order in which they began. What stands in no other record is at the top.
    package var tree: [RunNode] {
        let sorted = records.sorted { $0.number < $1.number }
        let places = Dictionary(sorted.enumerated().map { ($1.path, $0) }, uniquingKeysWith: { first, _ in first })
        var children: [Int: [Int]] = [:]
        var top: [Int] = []
        for (place, record) in sorted.enumerated() {
            var path = record.path.parent
            // An item of a map has a line and no record of its own.
            while let beyond = path, places[beyond] == nil || places[beyond] == place { path = beyond.parent }
            if let path, let parent = places[path] {
                children[parent, default: []].append(place)
            } else {
                top.append(place)
            }
        }
        func node(_ place: Int) -> RunNode {
            RunNode(record: sorted[place], children: (children[place] ?? []).map(node))
        }
        return top.map(node)
    }

    /// When the last thing that is known of it happened, in microseconds since 1970.
    package var lastMoment: Int64 {
        let moments = records.map { max($0.began, $0.ended ?? $0.began) }
        return max(info.began, info.ended ?? info.began, moments.max() ?? info.began)
    }
}
