// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// Poppler's programs on one PDF.
struct PDFReader: Sendable {
    let programs: OCRPrograms
    let path: String

    /// - Throws: ``ModelError/Code/invalidRequest`` for a file that is damaged or needs a password.
    func facts() async throws -> PDFFacts {
        // It ends at the last page when there are fewer.
        let ending = try await programs.pdfinfo.run(["-enc", "UTF-8", "-f", "1", "-l", "1000000", path])
        guard ending.isSuccess else {
            let reason =
                ending.said.contains("Incorrect password") ? "it needs a password" : ending.reason
            throw ModelError(.invalidRequest, "the document cannot be read as a PDF: \(reason)")
        }
        var facts = try PDFFacts(info: ending.output)
        // Without it scans with a stamp are read by their stamp; it is no reason to fail.
        let images = try await programs.pdfimages.run(["-list", path])
        if images.isSuccess { facts.add(images: images.output) }
        return facts
    }

    /// The text of pages `first…last`, from 0, by the PDF itself.
    ///
    /// - Parameter raw: in the order in which it was written, else in the order in which it is to be read, column by
    ///   column.
    func text(_ pages: ClosedRange<Int>, raw: Bool) async throws -> [String] {
        let range = ["-f", "\(pages.lowerBound + 1)", "-l", "\(pages.upperBound + 1)"]
        let text = try await programs.pdftotext.output(
            range + (raw ? ["-raw"] : []) + ["-enc", "UTF-8", "-eol", "unix", path, "-"])
        let parts = text.split(separator: "\u{C}", omittingEmptySubsequences: false).map(String.init)
        // Each page ends with a form feed.
        guard parts.count == pages.count + 1 else {
            throw ModelError(.invalidResponse, "pdftotext wrote \(parts.count - 1) pages for \(pages.count)")
        }
        return Array(parts.dropLast())
    }

    /// Draws page `number`, from 0, in shades of grey, and gives the picture's path.
    func draw(_ number: Int, dpi: Int, in folder: ScratchFolder) async throws -> String {
        let name = folder.file("page-\(number)")
        let page = "\(number + 1)"
        _ = try await programs.pdftoppm.output(
            ["-f", page, "-l", page, "-r", "\(dpi)", "-gray", "-singlefile", path, name])
        return name + ".pgm"
    }
}
