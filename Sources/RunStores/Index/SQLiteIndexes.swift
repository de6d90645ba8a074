// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import Glibc

/// Opens indexes in SQLite files.
public struct SQLiteIndexes: DocumentIndexProvider {
    private let models: @Sendable (String?) throws -> any EmbeddingModel
    private let variable: @Sendable (String) -> String?

    /// - Parameter variable: looks up an environment variable; `AGENT_INDEX` names the index that nobody else names.
    public init(services: any ServiceProvider, variable: @escaping @Sendable (String) -> String?) {
        models = { try services.embeddingModel($0) }
        self.variable = variable
    }

    /// - Parameter models: makes an embedding model of a name, of `nil` the default.
    public init(
        variable: @escaping @Sendable (String) -> String? = { _ in nil },
        models: @escaping @Sendable (String?) throws -> any EmbeddingModel
    ) {
        self.models = models
        self.variable = variable
    }

    /// `AGENT_INDEX`; else `.agent/index.db` in the current folder or the nearest one above that has it; else
    /// `.agent/index.db` in the current folder.
    public var defaultPath: String {
        if let path = variable("AGENT_INDEX"), !path.isEmpty { return path }
        let name = ".agent/index.db"
        guard let current = getcwd(nil, 0) else { return name }
        defer { free(current) }
        var folder = String(cString: current)
        while true {
            let path = folder == "/" ? "/" + name : folder + "/" + name
            if access(path, F_OK) == 0 { return path }
            guard folder != "/", let slash = folder.lastIndex(of: "/") else { return name }
            folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
        }
    }

    public func open(_ path: String, model: String?, access: IndexAccess) async throws -> any DocumentIndex {
        try VectorIndex(path: path, access: access, modelName: model, models: models)
    }
}
