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

    private static func noSuchFile(_ path: String) -> LuaAnswer {
        .failure(FileProblem(path, ENOENT).description)
    }
}
