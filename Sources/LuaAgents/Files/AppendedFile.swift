// SPDX-License-Identifier: Apache-2.0

import COpenBeneath
import Glibc

/// A regular file that text is added to at its end.
struct AppendedFile: Sendable {
    private let file: OpenDescriptor
    private let shown: String

    /// What is to be found of a text that may have been written.
    enum State: Equatable {
        case there
        /// Its first bytes are the last of the file.
        case begun(count: Int)
        case missing
    }

    init(_ place: FilePlace) throws(FileProblem) {
        shown = place.shown
        // Others may append as well: the system finds the end.
        let flags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let number = openat(place.folder.number, place.name, flags, 0o666)
        guard number >= 0 else { throw FileProblem(shown, errno) }
        file = OpenDescriptor(number)
        guard try file.info(shownAs: shown).st_mode & S_IFMT == S_IFREG else {
            throw FileProblem("\(shown): expected a regular file")
        }
    }

    func size() throws -> Int64 { Int64(try file.info(shownAs: shown).st_size) }

    /// Writes `bytes` at the end, and waits until they are on the disk.
    func append(_ bytes: some Collection<UInt8>) throws {
        try AtomicFile.writeAll(Array(bytes), file.number, shown)
        guard fdatasync(file.number) == 0 else { throw FileProblem(shown, errno) }
    }

    /// Looks for `bytes` from `start` on, where the file ended before they were written; what others have appended since may stand
    /// before and behind them.
    func state(of bytes: [UInt8], from start: Int64) throws -> State {
        let found = try rest(from: start)
        if found.count < bytes.count, !found.isEmpty, bytes.starts(with: found) { return .begun(count: found.count) }
        return bytes.isEmpty || found.contains(bytes) ? .there : .missing
    }

    private func rest(from start: Int64) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = pread(file.number, &buffer, buffer.count, off_t(start) + off_t(bytes.count))
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileProblem(shown, errno)
            }
            bytes += buffer[..<count]
        }
    }
}

extension FileAccess {
    /// The file at `path`, which may be written, to add to.
    func appending(_ path: String) throws -> AppendedFile {
        try AppendedFile(try writable.place(path, "agent.fs.append"))
    }
}
