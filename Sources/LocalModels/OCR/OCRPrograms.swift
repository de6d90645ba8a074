// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// The programs that local OCR uses: Debian's packages `tesseract-ocr` and `poppler-utils`.
struct OCRPrograms: Sendable {
    let tesseract: ProgramRun
    let pdfinfo: ProgramRun
    let pdfimages: ProgramRun
    let pdftotext: ProgramRun
    let pdftoppm: ProgramRun
    /// Joined by `+`, as tesseract wants them.
    let languages: String

    /// - Throws: ``ModelError/Code/unavailable`` that names what is missing, ``ModelError/Code/configuration`` for a
    ///   setting that cannot be used.
    init(_ configuration: LocalConfiguration) throws {
        if let problem = configuration.invalidOCRSetting { throw ModelError(.configuration, problem) }
        func find(_ name: String, _ package: String, timeout: Duration) throws -> ProgramRun {
            guard let path = configuration.program(name) else {
                throw ModelError(
                    .unavailable,
                    "local OCR needs \(name); on Debian: apt install tesseract-ocr poppler-utils (\(name) is in "
                        + "\(package))")
            }
            // Tesseract's threads wait for each other more than they help; pages are read side by side instead.
            return ProgramRun(name: name, path: path, timeout: timeout, variables: ["OMP_THREAD_LIMIT": "1"])
        }
        tesseract = try find("tesseract", "tesseract-ocr", timeout: .seconds(600))
        pdfinfo = try find("pdfinfo", "poppler-utils", timeout: .seconds(120))
        pdfimages = try find("pdfimages", "poppler-utils", timeout: .seconds(120))
        pdftotext = try find("pdftotext", "poppler-utils", timeout: .seconds(300))
        pdftoppm = try find("pdftoppm", "poppler-utils", timeout: .seconds(300))
        languages = configuration.ocrLanguages
    }

    /// - Throws: ``ModelError/Code/configuration`` that names the languages there are.
    func checkLanguages() async throws {
        let listed = try await tesseract.output(["--list-langs"])
        let known = listed.split(separator: "\n").dropFirst().map(String.init)
        for language in languages.split(separator: "+") where !known.contains(String(language)) {
            throw ModelError(
                .configuration,
                "AGENT_OCR_LANGUAGES: tesseract has no language \"\(language)\"; it has \(known.joined(separator: ", ")); on "
                    + "Debian: apt install tesseract-ocr-\(language.replacing("_", with: "-"))")
        }
    }

    /// The pages of a picture.
    func recognize(_ path: String, dpi: Int? = nil) async throws -> [RecognizedPages.Page] {
        let resolution = dpi.map { ["--dpi", "\($0)"] } ?? []
        let table = try await tesseract.output([path, "stdout", "-l", languages] + resolution + ["tsv"])
        return try RecognizedPages(table: table).pages
    }
}
