// SPDX-License-Identifier: Apache-2.0

import HTMLPages

/// Charts as inline SVG. Words and figures stand beside the drawings as text, so that they keep their size on a phone and a screen
/// reader reads them.
enum Chart {
    /// A bar for a share of 1, and the interval that the true share lies in.
    static func bar(_ share: Double?, _ interval: ClosedRange<Double>? = nil, style: String = "main") -> Markup {
        var drawing: Markup = #"<rect class="track" x="0" y="2" width="100" height="8" rx="1"/>"#
        if let share {
            drawing +=
                #"<rect class="fill \#(style)" x="0" y="2" width="\#(Markup.places(share * 100))" height="8" rx="1"/>"#
        }
        if let interval {
            let (low, high) = (Markup.places(interval.lowerBound * 100), Markup.places(interval.upperBound * 100))
            drawing += #"<line class="whisker" x1="\#(low)" x2="\#(high)" y1="6" y2="6"/>"#
            drawing += #"<line class="whisker" x1="\#(low)" x2="\#(low)" y1="3.5" y2="8.5"/>"#
            drawing += #"<line class="whisker" x1="\#(high)" x2="\#(high)" y1="3.5" y2="8.5"/>"#
        }
        return """
            <svg class="bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">\(drawing)</svg>
            """
    }

    /// How many values fall into ranges of equal width from 0 on.
    ///
    /// - Parameter label: what a screen reader says of the drawing.
    static func histogram(_ counts: [Int], label: String) -> Markup {
        let most = Double(counts.max() ?? 0)
        guard most > 0 else { return "" }
        let width = 100 / Double(counts.count)
        let bars = counts.enumerated().map { place, count -> Markup in
            let height = Double(count) / most * 38
            let (x, y) = (Double(place) * width + width * 0.06, 40 - height)
            return """
                <rect class="fill main" x="\(Markup.places(x))" y="\(Markup.places(y))" width="\(Markup.places(width * 0.88))" height="\(Markup.places(height))"/>
                """
        }
        return """
            <svg class="histogram" viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label="\(label)">\(bars)</svg>
            """
    }
}
