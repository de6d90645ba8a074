// SPDX-License-Identifier: Apache-2.0

import GRDB

/// Bytes of a column. GRDB's type for them is Foundation's, which is never named here: no target imports Foundation.
struct Blob: DatabaseValueConvertible, Equatable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// `floats` as IEEE 754 binary32, little-endian, as all machines have them that this builds for.
    init(_ floats: [Float]) { bytes = floats.withUnsafeBytes { Array($0) } }

    var floats: [Float] {
        bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
    }

    var databaseValue: DatabaseValue {
        DatabaseValue.Storage.blob(Self.collection(bytes)).value?.databaseValue ?? .null
    }

    static func fromDatabaseValue(_ value: DatabaseValue) -> Blob? {
        if case .blob(let data) = value.storage { Blob(Array(data)) } else { nil }
    }

    private static func collection<Bytes: RangeReplaceableCollection>(_ bytes: [UInt8]) -> Bytes
    where Bytes.Element == UInt8 {
        Bytes(bytes)
    }
}
