// SPDX-License-Identifier: Apache-2.0

package import AgentCore
import JSONCore
import LuaRuntime

extension Door {
    func models(_ request: DoorRequest) async throws -> LuaAnswer {
        let id = try request.optionalString(0, "id")
        let platform = try made { try $0.platform() }
        return try await calling {
            if let id { return .said(try await platform.model(id)) }
            return .said(.array(try await platform.models()))
        }
    }

    func providerFiles(_ request: DoorRequest) async throws -> LuaAnswer {
        switch request.operation {
        case "files.list": return try await listFiles(request)
        case "files.upload": return try await upload(request)
        case "files.download": return try await download(request)
        case "files.url":
            let id = try request.string(0, "id")
            let hours = try request.json(1).isNull ? 24 : Int(try request.integer(1, "hours"))
            guard hours > 0 else { throw Misuse("agent.files.url: hours: expected 1 or more, found \(hours)") }
            return try await onPlatform { .json(.string(try await $0.signedURL(id, hours: hours))) }
        case "files.get":
            let id = try request.string(0, "id")
            return try await onPlatform { .said(try await $0.file(id)) }
        case "files.delete":
            let id = try request.string(0, "id")
            return try await onPlatform { .said(try await $0.deleteFile(id)) }
        default: throw Misuse("agent.\(request.operation) is not an operation")
        }
    }

    func onPlatform(_ call: (any Platform) async throws -> LuaAnswer) async throws -> LuaAnswer {
        let platform = try made { try $0.platform() }
        return try await calling { try await call(platform) }
    }

    private func listFiles(_ request: DoorRequest) async throws -> LuaAnswer {
        let options = try CallOptions(try request.json(0), of: "agent.files.list", known: ["purpose", "search"])
        let query = FileQuery(purpose: try options.string("purpose"), search: try options.string("search"))
        return try await onPlatform { .said(.array(try await $0.files(query))) }
    }

    private func upload(_ request: DoorRequest) async throws -> LuaAnswer {
        let operation = "agent.files.upload"
        let path = try request.string(0, "path")
        let options = try CallOptions(try request.json(1), of: operation, known: ["purpose", "name"])
        guard let purpose = try options.string("purpose") ?? FileUpload.purpose(ofFileNamed: path) else {
            throw Misuse(
                "\(operation): purpose: expected \"batch\", \"ocr\", \"audio\" or another word of the provider")
        }
        let name = try options.string("name") ?? FileUpload(path: path, purpose: purpose).name
        return try await onPlatform { platform in
            let pinned = try pinned(path, operation)
            defer { withExtendedLifetime(pinned) {} }
            let file = FileUpload(path: pinned.path, name: name, purpose: purpose)
            return .said(try await platform.upload(file, onProgress: { _, _ in }))
        }
    }

    private func download(_ request: DoorRequest) async throws -> LuaAnswer {
        let operation = "agent.files.download"
        let id = try request.string(0, "id")
        let path = try request.string(1, "path")
        return try await onPlatform { platform in
            if isFaked(writing: path) {
                var bytes: [UInt8] = []
                try await platform.download(id) { bytes += $0 }
                environment.fakes?.write(path, bytes)
                return .json(["path": .string(path), "bytes": .integer(Int64(bytes.count))])
            }
            let writer = try AtomicFileWriter(at: try capabilities.files.writable.place(path, operation))
            try await platform.download(id) { try writer.append($0) }
            try writer.commit()
            return .json(["path": .string(path), "bytes": .integer(Int64(writer.byteCount))])
        }
    }
}

extension DoorRequest {
    func optionalString(_ index: Int, _ name: String) throws -> String? {
        try json(index).isNull ? nil : try string(index, name)
    }
}

extension FileUpload {
    /// What a file is for, when the end of its name tells.
    package static func purpose(ofFileNamed name: String) -> String? {
        let dot = name.lastIndex(of: ".")
        switch dot.map({ name[$0...].dropFirst().lowercased() }) {
        case "jsonl": return "batch"
        case "pdf", "png", "jpg", "jpeg", "webp", "avif", "gif", "tiff", "docx", "pptx": return "ocr"
        case "mp3", "wav", "m4a", "flac", "ogg", "opus", "webm", "mp4": return "audio"
        default: return nil
        }
    }
}
