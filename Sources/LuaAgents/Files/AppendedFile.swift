// SPDX-License-Identifier: Apache-2.0

import COpenBeneath
import Glibc

/// A regular file that text is added to at its end.
struct AppendedFile: Sendable {
    private let file: OpenDescriptor
    private let shown: String

    /// Whether a text is where it was to be written.
    enum State {
        case there
        /// The file ends where it was to begin, or inside of it.
        case missing
        /// Something else is there.
        case other
    }

    init(_ place: FilePlace) throws(FileProblem) {
        shown = place.shown
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let number = openat(place.folder.number, place.name, flags, 0o666)
        guard number >= 0 else { throw FileProblem(shown, errno) }
        file = OpenDescriptor(number)
        guard try file.info(shownAs: shown).st_mode & S_IFMT == S_IFREG else {
            throw FileProblem("\(shown): expected a regular file")
        }
    }

    func size() throws -> Int64 { Int64(try file.info(shownAs: shown).st_size) }

    func append(_ bytes: [UInt8]) throws { try append(bytes, at: try size()) }

    /// Writes `bytes` from `start` on, and what of them was there before once more, and waits until they are on the disk.
    func append(_ bytes: [UInt8], at start: Int64) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                pwrite(file.number, $0.baseAddress, $0.count, off_t(start) + off_t(done))
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileProblem(shown, errno)
            }
            done += count
        }
        guard fdatasync(file.number) == 0 else { throw FileProblem(shown, errno) }
    }

    func state(of bytes: [UInt8], at start: Int64) throws -> State {
        var found = [UInt8](repeating: 0, count: bytes.count)
        let count = pread(file.number, &found, found.count, off_t(start))
        guard count >= 0 else { throw FileProblem(shown, errno) }
        if found == bytes, count == bytes.count { return .there }
        let isWhole = try size() == start + Int64(count)
        return isWhole && found[..<count].elementsEqual(bytes[..<count]) ? .missing : .other
    }
}

extension FileAccess {
    /// The file at `path`, which may be written, to add to.
    func appending(_ path: String) throws -> AppendedFile {
        try AppendedFile(try writable.place(path, "agent.fs.append"))
    }
}
