// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

extension FilesCommand {
    struct Download: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fetches the content of a file.",
            discussion: "Without -o it goes to stdout. It is written piece by piece, and to a file whole or not at all."
        )

        @Option(
            name: [.customShort("o"), .customLong("output")],
            help: "Write it to this file, whole or not at all.")
        var output: String?
        @Flag(name: .shortAndLong, help: "Show errors only.") var quiet = false
        @Flag(help: "Print one JSON object: where it is, and its bytes. Needs -o.") var json = false
        @Argument(help: "Its id.") var id: String

        func validate() throws {
            if json, output == nil { throw ValidationError("--json needs -o: stdout gets the file") }
        }

        func run() async throws {
            let session = try ServiceSession(
                verbosity: quiet ? .quiet : .normal, style: Style(isOn: false), output: nil)
            try await session.run {
                let platform = try session.services.platform()
                guard let output else { return try await platform.download(id) { session.emit($0) } }
                let writer = try open(output)
                try await platform.download(id) { piece in
                    try writer.append(piece)
                    session.progress("downloading \(id): \(writer.byteCount) bytes")
                }
                try writer.commit()
                if json {
                    try session.emit(["path": .string(output), "bytes": .integer(Int64(writer.byteCount))])
                } else {
                    session.note("\(writer.byteCount) bytes in \(output)")
                }
            }
        }

        private func open(_ path: String) throws -> AtomicFileWriter {
            do {
                return try AtomicFileWriter(path)
            } catch let problem as FileProblem {
                throw ConfigurationError("-o \(problem)")
            }
        }
    }
}
