// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A piece that is given away once.
final class OncePieces: Sendable {
    private let piece: Mutex<[UInt8]?>

    init(_ piece: [UInt8]?) { self.piece = Mutex(piece) }

    func take() -> [UInt8]? {
        piece.withLock { piece in
            defer { piece = nil }
            return piece
        }
    }
}
