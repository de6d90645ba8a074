// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct OCRCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ocr", _superCommandName: "agent", abstract: "Reads documents and images into Markdown.",
        discussion: """
            stdout gets the Markdown alone, tables in their places: agent ocr scan.pdf > scan.md
            With --annotate it gets the annotation instead, as one line of JSON a document; --json prints everything.
            Exits with 4 when an annotation does not fit its schema.
            """)

    @OptionGroup var service: ServiceModelOption
    @OptionGroup var options: ServiceOptions
    @Option(help: ArgumentHelp("Which pages, from 0: 0-2,4.", valueName: "pages"))
    var pages: String?
    @Option(help: ArgumentHelp("Save the images of the document here and link them.", valueName: "folder"))
    var images: String?
    @Option(help: ArgumentHelp("The form of an annotation of the whole document.", valueName: "schema"))
    var annotate: String?
    @Option(help: ArgumentHelp("The form of an annotation of each image.", valueName: "schema"))
    var annotateImages: String?
    @Option(help: ArgumentHelp("With --annotate: what to look for.", valueName: "text"))
    var prompt: String?
    @Option(help: ArgumentHelp("How tables are written: markdown or html.", valueName: "form"))
    var tables: String?
    @Argument(help: ArgumentHelp("Files or addresses.", valueName: "document")) var documents: [String]

    func validate() throws {
        if let tables, !["markdown", "html"].contains(tables) {
            throw ValidationError("--tables: expected markdown or html, found '\(tables)'")
        }
        if prompt != nil && annotate == nil { throw ValidationError("--prompt needs --annotate") }
    }

    func run() async throws {
        let session = try ServiceSession(options)
        try await session.run {
            // All of them are looked at before one is paid for.
            let requests = try documents.map(request)
            let model = try session.services.ocrModel(service.model)
            var isFirst = true
            var hasProblems = false
            for (document, request) in zip(documents, requests) {
                session.progress("reading \(document)")
                let response = try await model.read(request) { session.show($0) }
                session.use(response.usage)
                try show(response, session, isFirst: isFirst)
                isFirst = false
                for problem in response.problems { session.note("\(document): \(problem)", always: true) }
                hasProblems = hasProblems || !response.problems.isEmpty
            }
            if hasProblems { throw ExitStatus.invalidOutput }
        }
    }

    private func request(_ document: String) throws -> OCRRequest {
        var request = OCRRequest(try TextArguments.media(document))
        do {
            request.pages = try pages.map { try PageSelection.pages($0) }
        } catch let error as SelectionError {
            throw UsageError("--pages: \(error)")
        }
        request.includeImageBase64 = images != nil ? true : nil
        request.documentAnnotation = try annotate.map { .init(try SchemaArgument.read($0, flag: "--annotate")) }
        request.imageAnnotation = try annotateImages.map {
            .init(try SchemaArgument.read($0, flag: "--annotate-images"))
        }
        request.documentAnnotationPrompt = prompt
        request.tableFormat = tables
        return request
    }

    private func show(_ response: OCRResponse, _ session: ServiceSession, isFirst: Bool) throws {
        let files = try images.map { folder in
            try OCRImageFiles.makeFolder(folder, shownAs: folder)
            return try OCRImageFiles(response, in: folder) { try AtomicFile.write($1, to: $0) }
        }
        if let files, let images { session.note("\(files.count) images in \(images)") }
        if options.json { return try session.emit(response.scriptValue(files, keepsData: files == nil)) }
        if annotate != nil {
            if let annotation = response.documentAnnotation { try session.emit(annotation) }
            return
        }
        let text = files?.markdown(of: response) ?? response.markdown
        session.emit((isFirst ? "" : "\n") + text + (text.hasSuffix("\n") ? "" : "\n"))
    }
}
