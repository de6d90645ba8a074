// SPDX-License-Identifier: Apache-2.0

import COpenBeneath
import Glibc

/// A file or folder that was granted: found once, when the grant is made, and held open. What lies beneath it is opened from there,
/// so that nothing that changes on the way leads elsewhere.
struct GrantedRoot: Sendable {
    /// As it was granted.
    let spelled: PathParts
    /// Where it was then, without links.
    let real: PathParts
    /// A folder: the root itself, or where the path to it begins.
    private let anchor: OpenDescriptor
    /// From `anchor` to the root: nothing for a folder, the name of a file, all that does not exist yet. No part may be a link.
    private let rest: [Substring]
    /// Whether links may lead anywhere: the root is `/`.
    private let isEverything: Bool
    /// Whether what the kernel shows as files may be opened: it was granted by name.
    private(set) var allowsSpecialFiles: Bool
    private let opening: PathOpening

    /// - Returns: `nil` when nothing at all can be opened on the way to `path`.
    init?(_ path: String, from base: PathParts, opening: PathOpening = .best) {
        let spelled = PathParts(path, from: base)
        guard !path.isEmpty, !path.utf8.contains(0), !spelled.goesUp || access(spelled.text, F_OK) == 0 else {
            return nil
        }
        var (found, rest) = (spelled.names, [Substring]())
        while true {
            if let (anchor, name) = Self.anchor(PathParts(found).text) {
                self.init(spelled, anchor, rest: (name.map { [$0] } ?? []) + rest, opening: opening)
                return
            }
            guard let name = found.popLast(), name != ".." else { return nil }
            rest.insert(name, at: 0)
        }
    }

    /// Everything but special files, and those too if `allowsSpecialFiles`.
    init?(everythingWithSpecialFiles allowsSpecialFiles: Bool, opening: PathOpening = .best) {
        guard let (anchor, _) = Self.anchor("/") else { return nil }
        self.init(PathParts([]), anchor, rest: [], opening: opening)
        self.allowsSpecialFiles = allowsSpecialFiles
    }

    private init?(_ spelled: PathParts, _ anchor: OpenDescriptor, rest: [Substring], opening: PathOpening) {
        guard let path = anchor.path else { return nil }
        self.spelled = spelled
        self.anchor = anchor
        self.rest = rest
        self.opening = opening
        real = PathParts(path.split(separator: "/") + rest)
        isEverything = real.names.isEmpty
        allowsSpecialFiles = Self.isSpecial(real)
    }

    /// The folder at `path`, links followed, or the folder of the file there with the file's name.
    private static func anchor(_ path: String) -> (OpenDescriptor, name: Substring?)? {
        let number = Glibc.open(path, pathOnly | O_CLOEXEC)
        guard number >= 0 else { return nil }
        let opened = OpenDescriptor(number)
        var info = stat()
        guard fstat(number, &info) == 0 else { return nil }
        if info.st_mode & S_IFMT == S_IFDIR { return (opened, nil) }
        guard let real = opened.path else { return nil }
        var parts = real.split(separator: "/")
        guard let name = parts.popLast() else { return nil }
        let folder = Glibc.open(PathParts(parts).text, pathOnly | O_DIRECTORY | O_CLOEXEC)
        return folder < 0 ? nil : (OpenDescriptor(folder), name)
    }

    // MARK: - Beneath

    /// How deep `path` lies, and the rest of it from here; `nil` when it does not lie beneath.
    func remainder(of path: PathParts) -> (depth: Int, rest: [Substring])? {
        let ways = [spelled, real].compactMap { root in
            path.remainder(after: root).map { (depth: root.names.count, rest: $0) }
        }
        return ways.max { $0.depth < $1.depth }
    }

    /// Opens what lies at `remainder` beneath this root.
    func open(_ remainder: [Substring], _ flags: Int32, withoutLinks: Bool = false) throws(OpenFailure)
        -> OpenDescriptor
    {
        // Before anything is looked at: whether a process has some file is not to be learned either.
        if isEverything, !allowsSpecialFiles, Self.isSpecial(PathParts(remainder)) { throw OpenFailure(number: EXDEV) }
        let opened = try reach(remainder, flags, withoutLinks)
        guard !isForbidden(opened) else { throw OpenFailure(number: EXDEV) }
        return opened
    }

    private func reach(_ remainder: [Substring], _ flags: Int32, _ withoutLinks: Bool) throws(OpenFailure)
        -> OpenDescriptor
    {
        let rule = withoutLinks ? PathOpening.Rule.beneathWithoutLinks : isEverything ? .anywhere : .beneath
        if rest.isEmpty { return try opening.open(anchor.number, remainder.relativePath, flags, rule) }
        if remainder.isEmpty {
            return try opening.open(anchor.number, rest.relativePath, flags, .beneathWithoutLinks)
        }
        let root = try opening.open(anchor.number, rest.relativePath, pathOnly | O_DIRECTORY, .beneathWithoutLinks)
        return try opening.open(root.number, remainder.relativePath, flags, rule)
    }

    /// Where the links on the way to `remainder` lead, out of this root as well; `nil` for nowhere, and for a way that goes up,
    /// which would tell what there is outside.
    func destination(_ remainder: [Substring]) -> PathParts? {
        guard rest.isEmpty, !remainder.contains("..") else { return nil }
        let found = try? opening.open(anchor.number, remainder.relativePath, pathOnly, .anywhere)
        return found?.path.map { PathParts($0.split(separator: "/")) }
    }

    /// The folder in which this root is, or would be, and its name there; `nil` for a folder.
    func ownPlace() throws(OpenFailure) -> (folder: OpenDescriptor, name: Substring)? {
        guard let name = rest.last else { return nil }
        let folder = try opening.open(
            anchor.number, [Substring](rest.dropLast()).relativePath, pathOnly | O_DIRECTORY, .beneathWithoutLinks)
        guard !isForbidden(folder) else { throw OpenFailure(number: EXDEV) }
        return (folder, name)
    }

    // MARK: - Special files

    /// Whether the file is one that the kernel shows, and was not granted by name: `/proc/self/environ` is the environment,
    /// `/proc/self/mem` the memory of this process.
    private func isForbidden(_ opened: OpenDescriptor) -> Bool {
        if allowsSpecialFiles { return false }
        let system = cob_file_system(opened.number)
        if system < 0 || Self.specialFileSystems.contains(system) { return true }
        // Only from "/" one comes to the devices, whose file system is like any other in memory.
        guard isEverything else { return false }
        guard let path = opened.path else { return true }
        return Self.isSpecial(PathParts(path.split(separator: "/")))
    }

    /// linux/magic.h: proc, sysfs, cgroup, cgroup2, debugfs, tracefs, securityfs, bpf, devpts.
    private static let specialFileSystems: Set<Int64> = [
        0x9FA0, 0x6265_6572, 0x27_E0EB, 0x6367_7270, 0x6462_6720, 0x7472_6163, 0x7363_6673, 0xCAFE_4A11, 0x1CD1,
    ]

    /// Whether the real path `path` lies beneath, and is none that the kernel shows.
    func holds(_ path: PathParts) -> Bool {
        path.remainder(after: real) != nil && (allowsSpecialFiles || !Self.isSpecial(path))
    }

    private static func isSpecial(_ path: PathParts) -> Bool {
        path.names.first.map { ["proc", "sys", "dev"].contains($0) } ?? false
    }

    // MARK: - Both of two

    /// What lies beneath both roots: the deeper one, by the rules of both; `nil` when neither lies beneath the other.
    func intersection(_ other: GrantedRoot) -> GrantedRoot? {
        var deeper: GrantedRoot
        if other.real.remainder(after: real) != nil {
            deeper = other
        } else if real.remainder(after: other.real) != nil {
            deeper = self
        } else {
            return nil
        }
        deeper.allowsSpecialFiles = allowsSpecialFiles && (other.allowsSpecialFiles || other.isEverything)
        return deeper
    }
}
