// SPDX-License-Identifier: Apache-2.0

import JSONCore
import LuaRuntime

extension Door {
    func files(_ request: DoorRequest) throws -> LuaAnswer {
        let access = capabilities.files
        let path = try request.string(0, "path")
        do {
            switch request.operation {
            case "fs.read": return .bytes(try access.read(path))
            case "fs.list": return .json(.array(try access.list(path).map { .string($0) }))
            case "fs.exists": return .json(.bool(try access.exists(path)))
            default:
                try access.write(path, try request.bytes(1, "text"))
                return .json(true)
            }
        } catch let problem as FileProblem {
            return .failure(problem.description)
        }
    }
}
