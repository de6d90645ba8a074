// SPDX-License-Identifier: Apache-2.0

import Glibc
import JSONCore
import LuaRuntime

extension Door {
    /// The answer of a fake world; `nil` when there is none, or it leaves this to the real one.
    func faked(_ request: DoorRequest) throws -> LuaAnswer? {
        guard let fakes = environment.fakes else { return nil }
        switch request.operation {
        case "now": return fakes.now.map { .json(.number($0)) }
        case "sleep":
            let seconds = try request.number(0, "seconds")
            return seconds >= 0 && seconds <= 86_400 && fakes.sleep(seconds) ? .nothing : nil
        case "fs.read", "fs.list", "fs.exists", "fs.write", "fs.append":
            return fakes.hasFiles ? try fakedFile(request, fakes) : nil
        default: return nil
        }
    }

    /// What is not granted is left to the real files, which deny it in their words.
    private func fakedFile(_ request: DoorRequest, _ fakes: FakeWorld) throws -> LuaAnswer? {
        let path = try request.string(0, "path")
        let access = capabilities.files
        guard (["fs.write", "fs.append"].contains(request.operation) ? access.writable : access.readable).holds(path)
        else { return nil }
        switch request.operation {
        case "fs.read": return fakes.read(path).map { .bytes($0) } ?? Self.noSuchFile(path)
        case "fs.list": return fakes.list(path).map { .json(.array($0.map { .string($0) })) } ?? Self.noSuchFile(path)
        case "fs.exists": return .json(.bool(fakes.read(path) != nil || fakes.list(path) != nil))
        case "fs.append":
            fakes.write(path, (fakes.read(path) ?? []) + (try request.bytes(1, "text")))
            return .json(true)
        default:
            fakes.write(path, try request.bytes(1, "text"))
            return .json(true)
        }
    }

    // MARK: - Files that services send and fetch

    /// The file at `path` for a service: a real one, or what a fake world has there.
    func pinned(_ path: String, _ operation: String) throws -> PinnedFile {
        guard let fakes = environment.fakes, fakes.hasFiles, capabilities.files.readable.holds(path) else {
            return try capabilities.files.pinned(path, operation)
        }
        guard let bytes = fakes.read(path) else { throw FileProblem(path, ENOENT) }
        return try PinnedFile(OpenDescriptor(try Self.unnamedFile(bytes, path)), shownAs: path)
    }

    private static func unnamedFile(_ bytes: [UInt8], _ shown: String) throws -> Int32 {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((folder + "/agent-fake-XXXXXX").utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { throw FileProblem(shown, errno) }
        unlink(template)
        let written = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        guard written == bytes.count, lseek(file, 0, SEEK_SET) == 0 else {
            close(file)
            throw FileProblem(shown, EIO)
        }
        return file
    }

    /// Whether files that are written at `path` are made up.
    func isFaked(writing path: String) -> Bool {
        environment.fakes?.hasFiles == true && capabilities.files.writable.holds(path)
    }

    private static func noSuchFile(_ path: String) -> LuaAnswer {
        .failure(FileProblem(path, ENOENT).description)
    }
}
