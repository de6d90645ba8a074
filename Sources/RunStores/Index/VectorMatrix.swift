// SPDX-License-Identifier: Apache-2.0

import AgentCore
import GRDB
import Glibc

/// All vectors of an index, one after the other in memory, as they were at one moment.
///
/// It is written while it is made and only read after that.
final class VectorMatrix: @unchecked Sendable {
    /// What the index counts with each change.
    let generation: Int64
    private let columns: Int
    /// Columns with those of zeros that make a row a multiple of a SIMD register.
    private let stride: Int
    private let numbers: UnsafeMutableRawPointer
    private var inverseLengths: [Float] = []
    private var chunks: [Int64] = []
    private var documents: [Int64] = []

    private static let lanes = SIMD8<Float>.scalarCount

    init(_ database: Database, generation: Int64, columns: Int) throws {
        self.generation = generation
        self.columns = columns
        stride = (columns + Self.lanes - 1) / Self.lanes * Self.lanes
        let rows = try Int.fetchOne(database, sql: "SELECT count(*) FROM vectors") ?? 0
        numbers = .allocate(byteCount: max(1, rows * stride * 4), alignment: 64)
        numbers.initializeMemory(as: UInt8.self, repeating: 0, count: rows * stride * 4)
        inverseLengths.reserveCapacity(rows)
        chunks.reserveCapacity(rows)
        documents.reserveCapacity(rows)
        let cursor = try Row.fetchCursor(database, sql: "SELECT chunk, document, vector FROM vectors")
        while let row = try cursor.next() { try append(row) }
    }

    deinit { numbers.deallocate() }

    private func append(_ row: Row) throws {
        let start = numbers + count * stride * 4
        let size = columns * 4
        let isCopied = try row.withUnsafeData(atIndex: 2) { $0.map { Self.copy($0, size, to: start) } ?? false }
        guard isCopied else {
            throw IndexError(.format, "the index is damaged: a vector does not have \(columns) numbers; make it anew")
        }
        chunks.append(row[0])
        documents.append(row[1])
        let square = dot(row: count - 1, with: start)
        inverseLengths.append(square > 0 ? 1 / square.squareRoot() : 0)
    }

    private static func copy(_ bytes: some Collection<UInt8>, _ size: Int, to start: UnsafeMutableRawPointer) -> Bool {
        bytes.withContiguousStorageIfAvailable { bytes in
            guard bytes.count == size, let source = bytes.baseAddress else { return false }
            start.copyMemory(from: source, byteCount: size)
            return true
        } ?? false
    }

    var count: Int { chunks.count }

    /// The passages nearest to `query`, the best first; of equal ones the older first.
    ///
    /// - Parameters:
    ///   - query: as many numbers as a row has.
    ///   - wanted: the documents to look at; `nil` for all.
    func nearest(
        to query: [Float], limit: Int, in wanted: Set<Int64>?
    ) async throws -> [(chunk: Int64, score: Float)] {
        let query = AlignedQuery(query, stride: stride)
        // Below this a second thread costs more than it saves.
        let workers = min(Self.processors, max(1, count * columns / 4_000_000))
        let share = (count + workers - 1) / workers
        var best = TopHits(limit)
        try await withThrowingTaskGroup(of: TopHits.self) { group in
            for worker in 0..<workers {
                let rows = worker * share..<min(count, (worker + 1) * share)
                group.addTask { try self.best(of: rows, query, limit, wanted) }
            }
            for try await hits in group { best.merge(hits) }
        }
        return best.sorted.map { (chunks[$0.row], $0.score) }
    }

    private func best(
        of rows: Range<Int>, _ query: AlignedQuery, _ limit: Int, _ wanted: Set<Int64>?
    ) throws -> TopHits {
        var best = TopHits(limit)
        for row in rows {
            if row & 0xFFFF == 0 { try Task.checkCancellation() }
            if let wanted, !wanted.contains(documents[row]) { continue }
            best.offer(row, dot(row: row, with: query.numbers) * inverseLengths[row] * query.inverseLength)
        }
        return best
    }

    /// Four sums side by side: each addition waits for the one before it, and a processor has room for more.
    private func dot(row: Int, with other: UnsafeRawPointer) -> Float {
        let start = UnsafeRawPointer(numbers + row * stride * 4)
        let width = Self.lanes * 4
        let end = stride * 4
        var (a, b, c, d) = (SIMD8<Float>(), SIMD8<Float>(), SIMD8<Float>(), SIMD8<Float>())
        var place = 0
        while place + 4 * width <= end {
            a += Self.product(start, other, place)
            b += Self.product(start, other, place + width)
            c += Self.product(start, other, place + 2 * width)
            d += Self.product(start, other, place + 3 * width)
            place += 4 * width
        }
        while place < end {
            a += Self.product(start, other, place)
            place += width
        }
        return ((a + b) + (c + d)).sum()
    }

    @inline(__always)
    private static func product(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ place: Int) -> SIMD8<Float> {
        left.loadUnaligned(fromByteOffset: place, as: SIMD8<Float>.self)
            * right.loadUnaligned(fromByteOffset: place, as: SIMD8<Float>.self)
    }

    private static let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
}

/// A query in the form of a row. It is written once and only read after that.
private final class AlignedQuery: @unchecked Sendable {
    let numbers: UnsafeRawPointer
    let inverseLength: Float

    init(_ query: [Float], stride: Int) {
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(1, stride * 4), alignment: 64)
        let floats = bytes.initializeMemory(as: Float.self, repeating: 0, count: stride)
        for (index, number) in query.enumerated() { floats[index] = number }
        numbers = UnsafeRawPointer(bytes)
        let square = query.reduce(0) { $0 + $1 * $1 }
        inverseLength = square > 0 ? 1 / square.squareRoot() : 0
    }

    deinit { numbers.deallocate() }
}
