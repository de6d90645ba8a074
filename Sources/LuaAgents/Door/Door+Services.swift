// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaRuntime

/// The services of a provider beside chat. Each call of one passes ``calling(_:)``.
extension Door {
    /// - Returns: `nil` when `request` is for no service.
    func service(_ request: DoorRequest) async throws -> LuaAnswer? {
        switch request.operation {
        case "embed": try await embed(request)
        case "ocr": try await readDocument(request)
        case "transcribe": try await transcribe(request)
        case "moderate": try await moderate(request)
        case "classify": try await classify(request)
        case "models": try await models(request)
        case let operation where operation.hasPrefix("files."): try await providerFiles(request)
        case let operation where operation.hasPrefix("batch."): try await batch(request)
        default: nil
        }
    }

    /// What `make` makes of the host's services.
    ///
    /// - Throws: ``Misuse`` when there is no such service here: a name or a key is wrong.
    func made<Service>(_ make: (any ServiceProvider) throws -> Service) throws -> Service {
        guard let services = environment.services else { throw Misuse("this host offers no services but chat") }
        do {
            return try make(services)
        } catch let error as ModelError {
            registry.noteModelError(error)
            throw Misuse(error.description)
        }
    }

    /// Runs a call of a service: a failure is `nil, reason`, an error in a function of the script is the script's.
    func calling(_ call: () async throws -> LuaAnswer) async throws -> LuaAnswer {
        do {
            let answer = try await call()
            registry.noteFailure(nil)
            return answer
        } catch let error as ModelError {
            registry.noteFailure(error.description)
            return .failure(error.description)
        } catch let problem as FileProblem {
            registry.noteFailure(problem.description)
            return .failure(problem.description)
        } catch let error as LuaError where error.code == .runtime {
            return .raise(error.message)
        }
    }

    /// Shows retries and progress as those of runs are shown.
    func show(_ event: ModelEvent) async {
        switch event {
        case .retrying(let attempt, let delay, let reason):
            await environment.observe(.retrying(attempt: attempt, delay: delay, reason: reason))
        case .progress(let text): await environment.observe(.progress(text))
        case .text, .thinking: break
        }
    }

    /// Calls the function of the script that goes by `number` in services.lua.
    func tell(_ number: Int64, _ value: JSONValue) async throws {
        guard let state else { throw Misuse("the script has ended") }
        // Whoever only listens takes no part in what is recorded: a recorded answer comes without being told of it.
        try await JournalScope.$current.withValue(nil) {
            _ = try await state.call(entry: "tell_listener", arguments: .of(.integer(number), value), host: answer)
        }
    }

    /// A document or recording that a script names: a URL, a path that it may read, or `{ file_id = … }`. The fields of
    /// the wire are taken as well: `{ type = "image_url", image_url = … }`.
    func media(_ value: JSONValue, _ operation: String) throws -> ScriptMedia {
        switch value {
        case .string(let text): return try media(text, operation)
        case .object(let fields):
            if let id = fields["file_id"]?.stringValue { return ScriptMedia(source: .uploaded(id: id)) }
            for name in ["document_url", "file_url", "image_url", "url"] {
                guard let field = fields[name] else { continue }
                guard let text = field.stringValue ?? field["url"]?.stringValue else { break }
                var media = try media(text, operation)
                media.isImage = name == "image_url" ? true : nil
                return media
            }
        default: break
        }
        let found = value.isNull ? "nil" : value.typeName
        throw Misuse("\(operation): expected a URL, a path or { file_id = … }, found \(found)")
    }

    private func media(_ text: String, _ operation: String) throws -> ScriptMedia {
        guard case .file(let path) = MediaSource(text) else { return ScriptMedia(source: .url(text)) }
        let file = try pinned(path, operation)
        return ScriptMedia(source: .file(path: file.path), file: file)
    }
}

/// A document or recording; keep it until it has been sent.
struct ScriptMedia {
    let source: MediaSource
    /// What `source` leads to.
    var file: PinnedFile?
    var isImage: Bool?
}
