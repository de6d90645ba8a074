// SPDX-License-Identifier: Apache-2.0

import HTMLPages

/// A text of which a page shows the beginning; the rest unfolds.
struct FoldedText {
    /// A text that is a little longer than what is shown is shown whole.
    private static let (lines, characters, slack) = (24, 1600, 400)
    /// More than this of one text is left to `agent show ID --records`.
    static let most = 50_000
    private let text: String
    private let isCode: Bool

    init(_ text: String, isCode: Bool = false) {
        self.text = text
        self.isCode = isCode
    }

    var markup: Markup {
        let head = head
        guard head.endIndex < text.endIndex else { return element(text[...]) }
        let rest = text[head.endIndex...]
        let kept = rest.prefix(Self.most)
        let left = rest.count - kept.count
        let more: Markup =
            left == 0
            ? "" : #"<p class="soft small">\#(Figures.counted(left, "character")) more are not in this page.</p>"#
        return """
            \(element(head))<details class="more"><summary>\(Figures.counted(rest.count, "character")) more</summary>\
            \(element(kept))\(more)</details>
            """
    }

    private var head: Substring {
        guard text.utf8.count > Self.characters + Self.slack || text.utf8.count(where: { $0 == 0x0A }) > Self.lines + 8
        else { return text[...] }
        var head = text.prefix(Self.characters)
        var lines = 0
        for place in head.indices where head[place].isNewline {
            lines += 1
            if lines == Self.lines {
                head = head[...place]
                break
            }
        }
        return head
    }

    private func element(_ text: Substring) -> Markup {
        isCode
            ? #"<pre dir="auto">\#(String(text))</pre>"# : #"<div class="text" dir="auto">\#(String(text))</div>"#
    }
}
