// SPDX-License-Identifier: Apache-2.0

/// What a document is by its first bytes.
enum DocumentFormat: Equatable {
    case pdf
    /// A picture that tesseract reads.
    case image
    /// Something else; its name, where it is known.
    case other(String?)

    init(head: [UInt8]) {
        func begins(_ text: String, at place: Int = 0) -> Bool { head.dropFirst(place).starts(with: text.utf8) }
        // Anything else must not reach tesseract, which takes a file of text for a list of files to read.
        if begins("%PDF-") {
            self = .pdf
        } else if Self.images.contains(where: { head.starts(with: $0) }) || begins("RIFF") && begins("WEBP", at: 8) {
            self = .image
        } else if begins("P"), head.count > 2, (0x31...0x36).contains(head[1]), [0x0A, 0x20].contains(head[2]) {
            self = .image  // PBM, PGM, PPM
        } else if begins("PK") {
            self = .other("a ZIP file, such as DOCX, PPTX or EPUB")
        } else if begins("ftyp", at: 4) {
            self = .other("HEIC or AVIF")
        } else if begins("<") {
            self = .other("HTML, XML or SVG")
        } else {
            self = .other(nil)
        }
    }

    private static let images: [[UInt8]] = [
        [0x89, 0x50, 0x4E, 0x47],  // PNG
        [0xFF, 0xD8, 0xFF],  // JPEG
        Array("GIF8".utf8), Array("BM".utf8), [0x49, 0x49, 0x2A, 0x00], [0x4D, 0x4D, 0x00, 0x2A],  // TIFF
    ]
}
