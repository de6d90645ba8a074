// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Names with their positions, compared by bytes.
struct KeyTable: Sendable {
    let names: [String]
    /// Only for so many names that a scan is the slower way.
    private let positions: [ByteKey: Int]?

    /// - Parameter names: each name once.
    init(_ names: [String]) {
        self.names = names
        guard names.count > 8 else {
            positions = nil
            return
        }
        positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { (ByteKey($1), $0) })
    }

    /// The position of `name`, -1 when it is not there.
    ///
    /// - Parameter hint: where it is looked for first: instances tend to follow the order of their schema.
    @inline(__always) func position(of name: String, hint: Int) -> Int {
        if hint < names.count, names[hint].hasSameBytes(as: name) { return hint }
        if let positions { return positions[ByteKey(name)] ?? -1 }
        for position in 0..<names.count where names[position].hasSameBytes(as: name) { return position }
        return -1
    }
}
