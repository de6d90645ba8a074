// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The media type of a file: by its first bytes, else by the end of its name.
struct MediaType: Sendable, Equatable {
    let name: String

    var isImage: Bool { name.hasPrefix("image/") }

    init(ofFile path: String) {
        name = Self.sniffed(Self.firstBytes(of: path)) ?? Self.named(path)
    }

    /// The type of a `data:` address, else what the end of the path says.
    init(ofURL url: String) {
        if url.lowercased().hasPrefix("data:") {
            name = url.dropFirst(5).prefix { $0 != ";" && $0 != "," }.lowercased()
        } else {
            name = Self.named(String(url.prefix { $0 != "?" && $0 != "#" }))
        }
    }

    private static let byEnding = [
        "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp",
        "gif": "image/gif", "avif": "image/avif", "heic": "image/heic", "heif": "image/heif", "tif": "image/tiff",
        "tiff": "image/tiff", "bmp": "image/bmp", "txt": "text/plain", "md": "text/markdown", "html": "text/html",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "odt": "application/vnd.oasis.opendocument.text", "epub": "application/epub+zip",
    ]

    private static func named(_ path: String) -> String {
        let file = path.split(separator: "/").last ?? ""
        guard let dot = file.lastIndex(of: ".") else { return "application/octet-stream" }
        return byEnding[file[file.index(after: dot)...].lowercased()] ?? "application/octet-stream"
    }

    // A scan that was saved under the wrong name is an image all the same.
    private static func sniffed(_ bytes: [UInt8]) -> String? {
        func begins(_ start: [UInt8], at place: Int = 0) -> Bool { bytes.dropFirst(place).starts(with: start) }
        if begins(Array("%PDF-".utf8)) { return "application/pdf" }
        if begins([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
        if begins([0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if begins(Array("GIF8".utf8)) { return "image/gif" }
        if begins(Array("RIFF".utf8)), begins(Array("WEBP".utf8), at: 8) { return "image/webp" }
        if begins([0x49, 0x49, 0x2A, 0]) || begins([0x4D, 0x4D, 0, 0x2A]) { return "image/tiff" }
        return nil
    }

    private static func firstBytes(of path: String) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = read(file, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }
}
