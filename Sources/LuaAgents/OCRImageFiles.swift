// SPDX-License-Identifier: Apache-2.0

package import AgentCore
import Glibc
import HTTPCore

/// The images of a document as files of a folder.
package struct OCRImageFiles: Sendable {
    /// For each page, for each of its images: where it is, or `nil` when it came without its data.
    package let paths: [[String?]]

    /// Writes each image under its own name, made safe.
    ///
    /// - Parameters:
    ///   - folder: as it is to be shown in links; it exists.
    ///   - write: writes bytes to a path in `folder`.
    package init(
        _ response: OCRResponse, in folder: String, write: (_ path: String, _ bytes: [UInt8]) throws -> Void
    ) throws {
        var taken: Set<String> = []
        paths = try response.pages.map { page in
            try page.images.map { image in
                guard let (type, bytes) = image.dataURI.flatMap(Self.decoded) else { return nil }
                let name = Self.name(of: image, on: page, type: type, taken: &taken)
                let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
                try write(path, bytes)
                return path
            }
        }
    }

    /// Makes `folder` unless it is there. The folder above it must be.
    package static func makeFolder(_ folder: String, shownAs shown: String) throws {
        var info = stat()
        if stat(folder, &info) == 0, info.st_mode & S_IFMT == S_IFDIR { return }
        guard mkdir(folder, 0o777) == 0 else { throw FileProblem(shown, errno) }
    }

    package var count: Int { paths.joined().count { $0 != nil } }

    /// The text of a page, in which its images are links to their files.
    package func linked(_ markdown: String, of page: OCRPage, at place: Int) -> String {
        zip(page.images, paths[place]).reduce(markdown) { text, pair in
            guard let path = pair.1 else { return text }
            // CommonMark §6.3: a destination with spaces or parentheses stands in angle brackets.
            let isPlain = path.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: ")") }
            return text.replacing("](\(pair.0.id))", with: isPlain ? "](\(path))" : "](<\(path)>)")
        }
    }

    /// All pages with tables in place and images as links to their files.
    package func markdown(of response: OCRResponse) -> String {
        response.pages.enumerated().map { linked($1.inlinedMarkdown, of: $1, at: $0) }.joined(separator: "\n\n")
    }

    // MARK: - Names and data

    /// A name that stays in the folder: the provider's, which is only a wish.
    private static func name(
        of image: OCRImage, on page: OCRPage, type: String, taken: inout Set<String>
    ) -> String {
        var name = String(decoding: image.id.utf8.map { isPlain($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
        if name.isEmpty || name.hasPrefix(".") { name = "image" + name.replacing(".", with: "_") }
        name = String(name.suffix(100))
        if !name.contains(".") { name += "." + type }
        if !taken.insert(name).inserted {
            name = "page-\(page.index)-\(name)"
            var number = 2
            let base = name
            while !taken.insert(name).inserted {
                name = "\(number)-\(base)"
                number += 1
            }
        }
        return name
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// `data:image/jpeg;base64,…`, or base64 alone.
    private static func decoded(_ uri: String) -> (type: String, bytes: [UInt8])? {
        guard uri.hasPrefix("data:"), let comma = uri.firstIndex(of: ",") else {
            return Base64.decode(Array(uri.utf8)).map { ("bin", $0) }
        }
        let head = uri[..<comma].dropFirst("data:".count)
        guard head.hasSuffix(";base64"), let bytes = Base64.decode(Array(uri[uri.index(after: comma)...].utf8)) else {
            return nil
        }
        let type = head.prefix { $0 != ";" }.split(separator: "/").last.map(String.init) ?? ""
        return (type.isEmpty || !type.utf8.allSatisfy(isPlain) ? "bin" : type, bytes)
    }
}
