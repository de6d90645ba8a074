// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The roots beneath which files may be read, or written. A path is opened from the deepest root that it begins with; what would
/// lead out of it is denied, whether or not something is there: that alone is a secret.
struct GrantedRoots: Sendable {
    private let denial: Denial
    private let roots: [GrantedRoot]
    /// The current folder when the grants were made.
    private let base: PathParts

    /// - Parameter includesSpecialFiles: whether ``Grants/Scope/everything`` means what the kernel shows as files too.
    init(
        _ scope: Grants.Scope, _ kind: GrantKind, includesSpecialFiles: Bool = false, opening: PathOpening = .best,
        base: PathParts = .current
    ) {
        denial = Denial(kind: kind)
        self.base = base
        roots =
            switch scope {
            case .nothing: []
            case .only(let paths): paths.compactMap { GrantedRoot($0, from: base, opening: opening) }
            case .everything:
                [GrantedRoot(everythingWithSpecialFiles: includesSpecialFiles, opening: opening)].compactMap(\.self)
            }
    }

    private init(_ roots: [GrantedRoot], _ denial: Denial, base: PathParts) {
        (self.roots, self.denial, self.base) = (roots, denial, base)
    }

    /// What lies beneath these roots and those of `scope`, for calls of `tool`.
    func narrowed(to scope: Grants.Scope, of tool: String) -> GrantedRoots {
        let denial = Denial(kind: denial.kind, tool: tool)
        if scope == .everything { return GrantedRoots(roots, denial, base: base) }
        let others = scope.entries.compactMap { GrantedRoot($0, from: base) }
        return GrantedRoots(
            roots.flatMap { root in others.compactMap { root.intersection($0) } }, denial, base: base)
    }

    /// Whether the real path `path` lies beneath a root. What is opened there without following links stays there.
    func holds(_ path: String) -> Bool {
        let parts = PathParts(path, from: base)
        return roots.contains { $0.holds(parts) }
    }

    /// Whether a root of this holds all that lies beneath `path`.
    func covers(_ path: String) -> Bool {
        guard let root = GrantedRoot(path, from: base) else { return false }
        return roots.contains { root.real.remainder(after: $0.real) != nil && $0.intersection(root) != nil }
    }

    // MARK: - Opening

    /// Opens what is at `path`. Give `pathOnly`, unless it is known what is there.
    ///
    /// - Throws: ``DeniedError``, ``FileProblem``; ``Misuse`` for what is no path.
    func open(_ path: String, _ flags: Int32, _ operation: String) throws -> OpenDescriptor {
        try open(try parts(path, operation), flags, Request(path: path, denial: denial.error(operation, path)))
    }

    /// The file at `path`, which must be a regular one, open for reading.
    func openFile(_ path: String, _ operation: String) throws -> OpenDescriptor {
        // Opened without effect first: a pipe would wake its writer, a device may do anything.
        let found = try open(path, pathOnly, operation)
        guard try found.info(shownAs: path).st_mode & S_IFMT == S_IFREG else {
            throw FileProblem("\(path): not a regular file")
        }
        let file = Glibc.open("/proc/self/fd/\(found.number)", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw FileProblem(path, errno) }
        return OpenDescriptor(file)
    }

    /// Where a file at `path` is, or would be. A link at the end is followed when it leads to something.
    func place(_ path: String, _ operation: String) throws -> FilePlace {
        let request = Request(path: path, denial: denial.error(operation, path))
        let place = try place(try parts(path, operation), request)
        guard place.kind == S_IFLNK else { return place }
        do {
            let target = try open(path, pathOnly, operation)
            guard let real = target.path else { throw FileProblem(path, ENOENT) }
            let followed = try self.place(PathParts(real, from: base), request)
            guard followed.kind != S_IFLNK else { throw FileProblem(path, ELOOP) }
            return followed
        } catch let problem as FileProblem where problem.number == ENOENT {
            return place
        }
    }

    /// The path without links, of which the end need not exist.
    func realPath(_ path: String, _ operation: String) throws -> String {
        let request = Request(path: path, denial: denial.error(operation, path))
        var (parts, rest) = (try parts(path, operation), [Substring]())
        while true {
            do {
                guard let found = try open(parts, pathOnly, request).path else { throw FileProblem(path, ENOENT) }
                return rest.isEmpty ? found : (found == "/" ? "" : found) + "/" + rest.relativePath
            } catch let problem as FileProblem where problem.number == ENOENT {
                guard let name = parts.names.popLast(), name != ".." else { throw problem }
                // A root that is not there yet lies beneath no other.
                guard root(of: parts) != nil else { return PathParts(parts.names + [name] + rest).text }
                rest.insert(name, at: 0)
            }
        }
    }

    // MARK: - Steps

    private struct Request {
        let path: String
        let denial: DeniedError
    }

    private func parts(_ path: String, _ operation: String) throws(Misuse) -> PathParts {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw Misuse("\(operation): a path must not be empty or hold a NUL byte")
        }
        return PathParts(path, from: base)
    }

    private func root(of path: PathParts) -> (root: GrantedRoot, rest: [Substring])? {
        let found = roots.compactMap { root in root.remainder(of: path).map { (root, $0.depth, $0.rest) } }
        return found.max { $0.1 < $1.1 }.map { ($0.0, $0.2) }
    }

    private func open(_ path: PathParts, _ flags: Int32, _ request: Request) throws -> OpenDescriptor {
        guard let (root, rest) = root(of: path) else { return try openElsewhere(path.cleaned, path, flags, request) }
        do throws(OpenFailure) {
            return try root.open(rest, flags)
        } catch  where error.leadsOutside {
            return try openElsewhere(path.goesUp ? path.cleaned : root.destination(rest), path, flags, request)
        } catch {
            throw FileProblem(request.path, error.number)
        }
    }

    /// A link in a root may lead to another root, or back into its own by an absolute path; and `..` may lead out of a root and
    /// back. In both cases what is meant is opened from its own root, and held to that.
    private func openElsewhere(
        _ meant: PathParts?, _ path: PathParts, _ flags: Int32, _ request: Request
    ) throws -> OpenDescriptor {
        guard let meant, meant != path, let (root, rest) = root(of: meant) else { throw request.denial }
        do throws(OpenFailure) {
            return try root.open(rest, flags, withoutLinks: true)
        } catch {
            throw request.denial
        }
    }

    private func place(_ path: PathParts, _ request: Request) throws -> FilePlace {
        let path = root(of: path) == nil ? path.cleaned : path
        guard let (root, rest) = root(of: path) else { throw request.denial }
        guard let name = rest.last else {
            do throws(OpenFailure) {
                guard let (folder, name) = try root.ownPlace() else { throw OpenFailure(number: EISDIR) }
                return FilePlace(folder: folder, name: String(name), shown: request.path)
            } catch  where error.leadsOutside {
                throw request.denial
            } catch {
                throw FileProblem(request.path, error.number)
            }
        }
        guard name != ".." else { throw request.denial }
        let folder = try open(PathParts(path.names.dropLast()), pathOnly | O_DIRECTORY, request)
        return FilePlace(folder: folder, name: String(name), shown: request.path)
    }
}

/// Where a file is, or would be: an open folder and a name in it, so that nothing that changes on the way leads elsewhere.
package struct FilePlace: Sendable {
    let folder: OpenDescriptor
    let name: String
    /// The path that an error names.
    let shown: String

    /// What is there, the link itself for a link; `nil` for nothing.
    var kind: mode_t? { info.map { $0.st_mode & S_IFMT } }

    var info: stat? {
        var info = stat()
        return fstatat(folder.number, name, &info, AT_SYMLINK_NOFOLLOW) == 0 ? info : nil
    }

    /// Makes a folder there unless there is one.
    ///
    /// - Throws: ``FileProblem``.
    func makeFolder() throws(FileProblem) {
        if kind == S_IFDIR { return }
        guard mkdirat(folder.number, name, 0o777) == 0 else { throw FileProblem(shown, errno) }
    }
}
