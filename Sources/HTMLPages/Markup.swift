// SPDX-License-Identifier: Apache-2.0

/// HTML in which every interpolated text is escaped; only what is written out in the program's source, and other markup, is not.
package struct Markup: Sendable, ExpressibleByStringInterpolation, CustomStringConvertible {
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }

        package mutating func appendLiteral(_ literal: String) { text += literal }
        package mutating func appendInterpolation(_ value: String) { text += Markup.escaped(value) }
        package mutating func appendInterpolation(_ value: Int) { text += "\(value)" }
        package mutating func appendInterpolation(_ markup: Markup) { text += markup.text }
        package mutating func appendInterpolation(_ list: [Markup]) { for markup in list { text += markup.text } }
    }

    package private(set) var text: String

    package init(stringLiteral value: String) { text = value }
    package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    package static func += (left: inout Markup, right: Markup) { left.text += right.text }

    package var isEmpty: Bool { text.isEmpty }
    package var description: String { text }

    /// A number with two places at most, as SVG and style sheets want it.
    package static func places(_ number: Double) -> String {
        let hundredths = Int((min(max(number, -1e9), 1e9) * 100).rounded())
        return hundredths % 100 == 0 ? "\(hundredths / 100)" : "\(Double(hundredths) / 100)"
    }

    /// `text` as text of an element or value of a quoted attribute. Control characters, and marks that turn the direction of text
    /// or hide, are spelt out: a report shows what an answer holds.
    package static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{200B}"..."\u{200F}", "\u{202A}"..."\u{202E}",
                "\u{2060}"..."\u{206F}", "\u{FEFF}", "\u{E0000}"..."\u{E007F}":
                result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
