// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// CPU time of the calling thread in nanoseconds.
func threadTime() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
}

/// The least time of one call in nanoseconds, of batches that together take about a second.
func best(_ body: () throws -> Void) rethrows -> Double {
    var calls = 1
    // Until a batch is long enough for the clock; the first calls also warm the caches.
    while true {
        let start = threadTime()
        for _ in 0..<calls { try body() }
        if threadTime() - start > 3_000_000 { break }
        calls *= 2
    }
    var best = Double.infinity
    let deadline = threadTime() + 800_000_000
    repeat {
        let start = threadTime()
        for _ in 0..<calls { try body() }
        best = min(best, Double(threadTime() - start) / Double(calls))
    } while threadTime() < deadline
    return best
}

/// The bytes of a file; `nil` when it cannot be read.
func readFile(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = fread(&chunk, 1, chunk.count, file)
        if count == 0 { return ferror(file) == 0 ? bytes : nil }
        bytes += chunk[..<count]
    }
}
