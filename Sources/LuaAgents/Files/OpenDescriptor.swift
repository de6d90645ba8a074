// SPDX-License-Identifier: Apache-2.0

import COpenBeneath
import Glibc

/// Opens a file without touching it; Glibc's module does not show it.
let pathOnly = cob_path_flag

/// A descriptor that is closed with its last reference.
final class OpenDescriptor: Sendable {
    let number: Int32

    /// - Parameter number: is closed by this value from now on.
    init(_ number: Int32) { self.number = number }

    deinit { close(number) }

    /// What the descriptor stands for.
    ///
    /// - Throws: ``FileProblem`` that names `shown`.
    func info(shownAs shown: String) throws(FileProblem) -> stat {
        var info = stat()
        guard fstat(number, &info) == 0 else { throw FileProblem(shown, errno) }
        return info
    }

    /// Where the file is now, without links; `nil` when `/proc` cannot tell.
    var path: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/fd/\(number)", &buffer, buffer.count)
        guard count > 0, count < buffer.count else { return nil }
        let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.hasPrefix("/") ? path : nil
    }
}

/// How paths are opened from a folder. Which way is chosen once: the kernel's where it has one.
enum PathOpening: Sendable {
    /// openat2(2), Linux 5.6.
    case kernel
    /// Part by part. It follows no link and goes up nowhere, so it refuses more than the kernel would.
    case walk

    /// What may be met on the way.
    enum Rule: Sendable {
        /// Anything but the links of `/proc` to open files.
        case anywhere
        /// Nothing outside the folder.
        case beneath
        /// Nothing outside the folder, and no link.
        case beneathWithoutLinks
    }

    static let best: PathOpening = {
        let probe = cob_open(AT_FDCWD, "/", pathOnly | O_CLOEXEC, 0, COB_NO_LINKS)
        guard probe >= 0 else { return .walk }
        close(probe)
        return .kernel
    }()

    /// - Throws: the number of the error; `EXDEV` and `ELOOP` when the rule was broken.
    func open(_ folder: Int32, _ path: String, _ flags: Int32, _ rule: Rule) throws(OpenFailure) -> OpenDescriptor {
        switch self {
        case .kernel:
            let rules: UInt32 =
                switch rule {
                case .anywhere: 0
                case .beneath: COB_BENEATH
                case .beneathWithoutLinks: COB_BENEATH | COB_NO_LINKS
                }
            let number = cob_open(folder, path, flags | O_CLOEXEC, 0, rules)
            guard number >= 0 else { throw OpenFailure(number: -number) }
            return OpenDescriptor(number)
        case .walk: return try walk(folder, path, flags)
        }
    }

    private func walk(_ folder: Int32, _ path: String, _ flags: Int32) throws(OpenFailure) -> OpenDescriptor {
        let parts = path.split(separator: "/").filter { $0 != "." }
        guard !parts.contains("..") else { throw OpenFailure(number: EXDEV) }
        var place: OpenDescriptor?
        for part in parts.dropLast() {
            let way = pathOnly | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
            place = try Self.step(place?.number ?? folder, String(part), way)
        }
        let last = parts.last.map(String.init) ?? "."
        return try Self.step(place?.number ?? folder, last, flags | O_NOFOLLOW | O_CLOEXEC)
    }

    private static func step(_ folder: Int32, _ name: String, _ flags: Int32) throws(OpenFailure) -> OpenDescriptor {
        let number = openat(folder, name, flags)
        guard number >= 0 else { throw OpenFailure(number: errno == ENOTDIR ? Self.reason(folder, name) : errno) }
        let opened = OpenDescriptor(number)
        // pathOnly with O_NOFOLLOW opens the link itself.
        var info = stat()
        guard fstat(number, &info) == 0 else { throw OpenFailure(number: errno) }
        guard info.st_mode & S_IFMT != S_IFLNK else { throw OpenFailure(number: ELOOP) }
        return opened
    }

    /// A link where a folder was expected is a link first.
    private static func reason(_ folder: Int32, _ name: String) -> Int32 {
        var info = stat()
        guard fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0 else { return errno }
        return info.st_mode & S_IFMT == S_IFLNK ? ELOOP : ENOTDIR
    }
}

/// A path that could not be opened.
struct OpenFailure: Error {
    let number: Int32

    /// Whether the rule was broken, rather than that something was missing.
    var leadsOutside: Bool { number == EXDEV || number == ELOOP }
}
