// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct FilesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "files", _superCommandName: "agent",
        abstract: "Lists, sends and fetches files of the Mistral API.",
        subcommands: [List.self, Upload.self, Get.self, Download.self, Address.self, Delete.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists files.", discussion: "A line a file: id, bytes, purpose, name.")

        @OptionGroup var options: ServiceOptions
        @Option(help: "Only files for this: batch, ocr, audio.") var purpose: String?
        @Option(help: ArgumentHelp("Only files with this in their names.", valueName: "text")) var search: String?

        func run() async throws {
            let session = try ServiceSession(options)
            try await session.run {
                let files = try await session.services.platform().files(FileQuery(purpose: purpose, search: search))
                if options.json { return try session.emit(.array(files)) }
                for file in files { session.emit(FilesCommand.line(file)) }
            }
        }
    }

    struct Upload: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends files.", discussion: "Prints an id a line. A file is sent from disk, piece by piece.")

        @OptionGroup var options: ServiceOptions
        @Option(help: "What it is for: batch, ocr, audio; by default the end of its name tells.") var purpose: String?
        @Option(help: "The name that it gets; by default its own.") var name: String?
        @Argument(help: "The files.") var files: [String]

        func validate() throws {
            if name != nil, files.count > 1 { throw ValidationError("--name is for one file") }
        }

        func run() async throws {
            let session = try ServiceSession(options)
            try await session.run {
                let uploads = try files.map { path in
                    _ = try TextArguments.media(path)
                    guard let purpose = purpose ?? FileUpload.purpose(ofFileNamed: path) else {
                        throw UsageError(
                            "\(path): its name does not tell what it is for; add --purpose ocr, audio or batch")
                    }
                    return FileUpload(path: path, name: name, purpose: purpose)
                }
                let platform = try session.services.platform()
                for upload in uploads {
                    let file = try await platform.upload(upload, onProgress: session.uploading(upload.name))
                    if options.json { try session.emit(file) } else { session.emit(FilesCommand.id(file)) }
                }
            }
        }
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows what is known of a file.")

        @OptionGroup var options: ServiceOptions
        @Argument(help: "Its id.") var id: String

        func run() async throws {
            let session = try ServiceSession(options)
            try await session.run {
                let file = try await session.services.platform().file(id)
                session.emit(try file.serialized(indent: options.json ? nil : 2) + "\n")
            }
        }
    }

    struct Address: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "url", abstract: "Makes an address from which anybody can get a file for some time.")

        @OptionGroup var options: ServiceOptions
        @Option(help: "For how many hours.") var hours = 24
        @Argument(help: "Its id.") var id: String

        func validate() throws {
            if hours < 1 { throw ValidationError("--hours: expected 1 or more, found \(hours)") }
        }

        func run() async throws {
            let session = try ServiceSession(options)
            try await session.run {
                let url = try await session.services.platform().signedURL(id, hours: hours)
                if options.json { try session.emit(["url": .string(url)]) } else { session.emit(url + "\n") }
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Deletes files.")

        @OptionGroup var options: ServiceOptions
        @Argument(help: "Their ids.") var ids: [String]

        func run() async throws {
            let session = try ServiceSession(options)
            try await session.run {
                let platform = try session.services.platform()
                for id in ids {
                    let answer = try await platform.deleteFile(id)
                    if options.json { try session.emit(answer) } else { session.note("deleted \(id)") }
                }
            }
        }
    }

    fileprivate static func id(_ file: JSONValue) -> String { (file["id"]?.stringValue ?? "") + "\n" }

    private static func line(_ file: JSONValue) -> String {
        let bytes = file["bytes"]?.integerValue.map { String($0) } ?? "-"
        let parts = [
            file["id"]?.stringValue ?? "", bytes, file["purpose"]?.stringValue ?? "-",
            file["filename"]?.stringValue ?? "-",
        ]
        return parts.joined(separator: "\t") + "\n"
    }
}

extension ServiceSession {
    /// Shows how much of an upload is done.
    func uploading(_ name: String) -> @Sendable (_ sent: Int, _ total: Int) -> Void {
        { sent, total in
            let percent = total > 0 ? min(100, sent * 100 / total) : 100
            self.progress("uploading \(name): \(percent) % of \(total) bytes")
        }
    }
}
