// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// What a provider keeps for its users: model cards, files and batch jobs, each as the provider's own JSON, so that
/// fields it adds later are there for scripts at once.
///
/// All calls throw ``ModelError``, or `CancellationError`.
public protocol Platform: Sendable {
    /// The cards of all models.
    func models() async throws -> [JSONValue]
    func model(_ id: String) async throws -> JSONValue

    func files(_ query: FileQuery) async throws -> [JSONValue]
    func file(_ id: String) async throws -> JSONValue
    /// Sends a file from disk, piece by piece.
    ///
    /// - Parameter onProgress: called with the bytes sent so far and the bytes in all.
    func upload(
        _ file: FileUpload, onProgress: @escaping @Sendable (_ sent: Int, _ total: Int) -> Void
    ) async throws -> JSONValue
    /// - Parameter onPiece: gets the content piece by piece; a piece is not asked for before the last one was taken.
    func download(_ id: String, onPiece: ([UInt8]) async throws -> Void) async throws
    /// An address from which anybody can get the file for `hours`, over 0.
    func signedURL(_ id: String, hours: Int) async throws -> String
    func deleteFile(_ id: String) async throws -> JSONValue

    func batchJobs(_ query: JSONObject) async throws -> [JSONValue]
    func batchJob(_ id: String) async throws -> JSONValue
    /// - Parameter job: `endpoint`, `input_files` or `requests`, `model`, `metadata`, `timeout_hours`.
    func createBatchJob(_ job: JSONObject) async throws -> JSONValue
    func cancelBatchJob(_ id: String) async throws -> JSONValue
}

/// A file to be uploaded.
public struct FileUpload: Sendable, Equatable {
    public var path: String
    /// The name that the provider shows; by default the last part of `path`.
    public var name: String
    /// `batch`, `ocr`, `audio` or `fine-tune`; an open set.
    public var purpose: String

    public init(path: String, name: String? = nil, purpose: String) {
        self.path = path
        self.name = name ?? String(path.split(separator: "/").last ?? "file")
        self.purpose = purpose
    }
}

/// Which files to list. All pages are read.
public struct FileQuery: Sendable, Equatable {
    public var purpose: String?
    /// Part of a name.
    public var search: String?

    public init(purpose: String? = nil, search: String? = nil) {
        self.purpose = purpose
        self.search = search
    }
}

/// Makes services of names, as ``Model`` is made of names.
///
/// A name is a provider's model, `local` or `nil` for the default. A provider that does not offer a service says so.
/// All calls throw ``ModelError/Code/configuration``.
public protocol ServiceProvider: Sendable {
    func embeddingModel(_ name: String?) throws -> any EmbeddingModel
    func ocrModel(_ name: String?) throws -> any OCRModel
    func transcriptionModel(_ name: String?) throws -> any TranscriptionModel
    func moderationModel(_ name: String?) throws -> any ModerationModel
    /// A classifier has no default.
    func classifier(_ name: String) throws -> any ModerationModel
    func platform() throws -> any Platform
}
