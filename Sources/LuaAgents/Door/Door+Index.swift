// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaRuntime
import Synchronization

extension Door {
    /// Names an index. Nothing is opened, nor are grants looked at, before it is used.
    func openIndex(_ request: DoorRequest) throws -> LuaAnswer {
        var (path, model): (String?, String?)
        for (name, value) in try request.table(0, "options") {
            let field = SpecField("agent.index: \(name)", try value.json())
            switch name {
            case "path": path = try field.string()
            case "model": model = try field.string()
            default: throw Misuse("agent.index: unknown option '\(name)'; there are path and model")
            }
        }
        let file = path ?? environment.indexes?.defaultPath ?? ""
        return .values(.of(.integer(Int64(indexes.add(path: path, model: model))), .string(file)))
    }

    func index(_ request: DoorRequest) async throws -> LuaAnswer {
        let id = Int(try request.integer(0, "index"))
        do {
            return .json(try await answer(request, of: id))
        } catch let error as IndexError {
            if error.code == .argument { throw Misuse("\(DoorRequest.shown(request.operation)): \(error)") }
            return .failure(error.description)
        } catch let problem as FileProblem {
            return .failure(problem.description)
        } catch let error as ModelError {
            registry.noteModelError(error)
            if error.code == .configuration { throw Misuse("\(DoorRequest.shown(request.operation)): \(error)") }
            return .failure(error.description)
        }
    }

    private func answer(_ request: DoorRequest, of id: Int) async throws -> JSONValue {
        switch request.operation {
        case "index.add":
            let index = try await opened(id, .write)
            let files = capabilities.files.readable
            let paths = try paths(request).map { try files.realPath($0, "index:add") }
            return try await index.add(paths, allowing: { files.holds($0) }) { _ in }.json
        case "index.remove": return .integer(Int64(try await opened(id, .write).remove(try paths(request))))
        case "index.search":
            let index = try await opened(id, .read)
            let (limit, prefix) = try searchOptions(request)
            let hits = try await index.search(try request.string(1, "query"), limit: limit, prefix: prefix)
            return .array(hits.map(\.json))
        case "index.documents": return .array(try await opened(id, .read).documents().map(\.json))
        default:
            let index = try await opened(id, .read)
            return try await index.facts().json(path: index.path)
        }
    }

    private func paths(_ request: DoorRequest) throws -> [String] {
        try SpecField("\(DoorRequest.shown(request.operation)): paths", try request.json(1)).strings()
    }

    private func searchOptions(_ request: DoorRequest) throws -> (limit: Int, prefix: String?) {
        var (limit, prefix) = (5, String?.none)
        for (name, value) in try request.table(2, "options") {
            let field = SpecField("index:search: \(name)", try value.json())
            switch name {
            case "limit": limit = try field.count(from: 1)
            case "prefix": prefix = try field.string()
            default: throw Misuse("index:search: unknown option '\(name)'; there are limit and prefix")
            }
        }
        return (limit, prefix)
    }

    /// The index `id`, open for `access` at least, if the run was granted that.
    private func opened(_ id: Int, _ access: IndexAccess) async throws -> any DocumentIndex {
        guard let provider = environment.indexes else {
            throw IndexError(.notFound, "this host keeps no indexes of documents")
        }
        let known = try indexes.named(id)
        // A tool may be granted less than the script that named the index, so this is asked each time.
        let files = access == .read ? capabilities.files.readable : capabilities.files.writable
        let named = known.path ?? provider.defaultPath
        let path = environment.fakes?.hasIndexes == true ? named : try files.realPath(named, "agent.index")
        if let open = known.open, access == .read || known.access == .write { return open }
        let index = try await provider.open(path, model: known.model, access: access)
        indexes.keep(index, access, for: id)
        return index
    }
}

/// The indexes that a script has named, by the numbers that Lua knows them by.
final class ScriptIndexes: Sendable {
    struct Named: Sendable {
        let path: String?
        let model: String?
        var open: (any DocumentIndex)?
        var access = IndexAccess.read
    }

    private let state = Mutex<[Named]>([])

    func add(path: String?, model: String?) -> Int {
        state.withLock { indexes in
            indexes.append(Named(path: path, model: model))
            return indexes.count
        }
    }

    func named(_ id: Int) throws -> Named {
        try state.withLock { indexes in
            guard indexes.indices.contains(id &- 1) else { throw Misuse("there is no such index") }
            return indexes[id - 1]
        }
    }

    func keep(_ index: any DocumentIndex, _ access: IndexAccess, for id: Int) {
        state.withLock { indexes in
            indexes[id - 1].open = index
            indexes[id - 1].access = access
        }
    }
}
