// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A page of two columns, as a PDF written by hand: with a text layer, or as a picture without one.
enum TwoColumns {
    static let left = [
        "The lighthouse keeper", "climbed the narrow stair", "every evening before dusk", "and lit the great lamp",
        "whose beam swept over", "the black and restless sea.",
    ]
    static let right = [
        "Merchants in the market", "counted copper coins twice", "while gulls argued loudly",
        "above baskets of herring",
        "and children chased each", "other between the stalls.",
    ]

    /// US Letter, 14 points, Helvetica.
    static func pdf(pages: Int = 1, text: (Int) -> ([String], [String]) = { _ in (left, right) }) -> [UInt8] {
        var objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
        objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
        var kids: [String] = []
        for number in 0..<pages {
            let (left, right) = text(number)
            let content = column(left, x: 72) + column(right, x: 320)
            objects.append("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream")
            objects.append(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents \(objects.count) 0 R "
                    + "/Resources << /Font << /F1 3 0 R >> >> >>")
            kids.append("\(objects.count) 0 R")
        }
        objects[1] = "<< /Type /Pages /Kids [\(kids.joined(separator: " "))] /Count \(pages) >>"
        return file(objects.map { Array($0.utf8) })
    }

    /// A page that is a picture of `grey`, a PGM file, as scanners write it.
    ///
    /// - Parameter hasText: whether the text of both columns lies behind it, unseen, as programs leave it that make scans
    ///   searchable.
    static func scan(grey: [UInt8], width: Int, height: Int, hasText: Bool = false) -> [UInt8] {
        let text = hasText ? "3 Tr " + column(left, x: 72) + column(right, x: 320) : ""
        let content = text + "q 612 0 0 792 0 0 cm /Im1 Do Q"
        let head =
            "<< /Type /XObject /Subtype /Image /Width \(width) /Height \(height) /ColorSpace /DeviceGray "
            + "/BitsPerComponent 8 /Length \(grey.count) >>\nstream\n"
        return file([
            Array("<< /Type /Catalog /Pages 2 0 R >>".utf8),
            Array("<< /Type /Pages /Kids [5 0 R] /Count 1 >>".utf8),
            Array(head.utf8) + grey + Array("\nendstream".utf8),
            Array("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream".utf8),
            Array(
                ("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
                    + "/Resources << /XObject << /Im1 3 0 R >> /Font << /F1 6 0 R >> >> >>").utf8),
            Array("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".utf8),
        ])
    }

    private static func column(_ lines: [String], x: Int) -> String {
        "BT /F1 14 Tf 20 TL \(x) 700 Td " + lines.map { "(\($0)) Tj T*" }.joined(separator: " ") + " ET\n"
    }

    private static func file(_ objects: [[UInt8]]) -> [UInt8] {
        var bytes = Array("%PDF-1.4\n".utf8)
        var offsets: [Int] = []
        for (place, object) in objects.enumerated() {
            offsets.append(bytes.count)
            bytes += Array("\(place + 1) 0 obj\n".utf8) + object + Array("\nendobj\n".utf8)
        }
        let start = bytes.count
        bytes += Array("xref\n0 \(objects.count + 1)\n0000000000 65535 f \n".utf8)
        for offset in offsets { bytes += Array((String(format: "%010d", offset) + " 00000 n \n").utf8) }
        let trailer = "trailer << /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        return bytes + Array(trailer.utf8)
    }
}
