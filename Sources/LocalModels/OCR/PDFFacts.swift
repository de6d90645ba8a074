// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// How many pages a PDF has and how large they are, from what `pdfinfo` and `pdfimages -list` print.
struct PDFFacts: Equatable {
    struct Page: Equatable {
        /// Points of 1/72 inch, as the page is shown.
        var width: Double
        var height: Double
        /// Of its area that the largest picture covers, 0…1.
        var pictureShare = 0.0

        /// Dots an inch to draw it with: 300, which tesseract reads best, and less where a side would pass 10,000 pixels.
        var dpi: Int { max(36, min(300, Int(10_000 * 72 / max(width, height, 1)))) }
    }

    /// The first is page 0.
    private(set) var pages: [Page] = []

    /// - Throws: ``ModelError/Code/invalidResponse`` for something else than what `pdfinfo -f 1 -l 100000` prints.
    init(info: String) throws {
        var count = 0
        for line in info.split(separator: "\n") {
            let parts = line.split(separator: " ", omittingEmptySubsequences: true)
            if parts.first == "Pages:", parts.count > 1 { count = Int(parts[1]) ?? 0 }
            guard parts.first == "Page", parts.count > 3 else { continue }
            if parts[2] == "size:", parts.count >= 6, let width = Double(parts[3]), let height = Double(parts[5]) {
                pages.append(Page(width: width, height: height))
            } else if parts[2] == "rot:", ["90", "270"].contains(parts[3]), let last = pages.indices.last {
                let page = pages[last]
                pages[last] = Page(width: page.height, height: page.width)
            }
        }
        guard count > 0, count == pages.count else {
            throw ModelError(
                .invalidResponse, "pdfinfo says that there are \(count) pages, and the size of \(pages.count)")
        }
    }

    /// Columns: page, number, type, width, height, …, x-ppi, y-ppi in places 12 and 13.
    mutating func add(images table: String) {
        for line in table.split(separator: "\n").dropFirst(2) {
            let columns = line.split(separator: " ", omittingEmptySubsequences: true)
            guard columns.count >= 14, let number = Int(columns[0]), pages.indices.contains(number - 1) else {
                continue
            }
            let numbers = [3, 4, 12, 13].map { Double(columns[$0]) ?? 0 }
            guard numbers[2] > 0, numbers[3] > 0 else { continue }
            let page = pages[number - 1]
            let area = numbers[0] / numbers[2] * 72 * (numbers[1] / numbers[3] * 72)
            let share = min(1, area / max(1, page.width * page.height))
            pages[number - 1].pictureShare = max(page.pictureShare, share)
        }
    }
}
