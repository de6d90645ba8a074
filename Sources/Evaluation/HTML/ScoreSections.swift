// SPDX-License-Identifier: Apache-2.0

import HTMLPages

/// Precision, recall and F1 of each label, and what was taken for what.
struct ScoreSections {
    private let matrices: [(name: String, matrix: ConfusionMatrix)]

    init(_ matrices: [(name: String, matrix: ConfusionMatrix)]) { self.matrices = matrices }

    var markup: Markup {
        matrices.reduce(into: "" as Markup) { $0 += section($1.name, $1.matrix) }
    }

    private func section(_ name: String, _ matrix: ConfusionMatrix) -> Markup {
        """
        <section><h2>By \(name)</h2>
        <div class="scroll"><table><thead><tr><th scope="col">\(name)</th>\
        <th scope="col"><span class="key p"></span>precision</th><th scope="col"><span class="key r"></span>recall</th>\
        <th scope="col"><span class="key f"></span>F1</th><th scope="col">cases</th></tr></thead>
        <tbody>\(matrix.scores.map(row))\(means(matrix))</tbody></table></div></section>
        <section><h2>What was taken for what: \(name)</h2>
        <div class="scroll">\(heatMap(matrix))</div>
        <p class="soft small">Rows: expected. Columns: what came.</p></section>

        """
    }

    private func row(_ scores: LabelScores) -> Markup {
        """
        <tr><th scope="row">\(scores.label)</th>\(cell(scores.precision, "p"))\(cell(scores.recall, "r"))\(cell(scores.f1, "f"))\
        <td>\(scores.support)</td></tr>

        """
    }

    private func means(_ matrix: ConfusionMatrix) -> Markup {
        guard matrix.expected.count > 1 else { return "" }
        let micro = matrix.micro
        return """
            <tr><th scope="row" class="soft">macro (labels alike)</th>\(cell(matrix.macro(\.precision), "p"))\
            \(cell(matrix.macro(\.recall), "r"))\(cell(matrix.macro(\.f1), "f"))<td>\(matrix.count)</td></tr>
            <tr><th scope="row" class="soft">micro (answers alike)</th>\(cell(micro.precision, "p"))\(cell(micro.recall, "r"))\
            \(cell(micro.f1, "f"))<td>\(micro.support)</td></tr>

            """
    }

    private func cell(_ value: Double?, _ style: String) -> Markup {
        guard value != nil else { return #"<td class="soft">not defined</td>"# }
        return #"<td>\#(Chart.bar(value, style: style))<span class="v">\#(Shown.percent(value))</span></td>"#
    }

    private func heatMap(_ matrix: ConfusionMatrix) -> Markup {
        let got = matrix.got
        let head = got.map { #"<th scope="col">\#($0)</th>"# as Markup }
        let rows = matrix.expected.map { expected -> Markup in
            let support = Double(max(1, matrix.support(of: expected)))
            let cells = got.map { label -> Markup in
                let count = matrix[expected, label]
                guard count > 0 else { return #"<td class="soft">0</td>"# }
                let style: Markup = label == expected ? "hit" : "miss"
                return #"<td class="\#(style)" style="--v:\#(Markup.places(Double(count) / support))">\#(count)</td>"#
            }
            return #"<tr><th scope="row">\#(expected)</th>\#(cells)</tr>"#
        }
        return #"<table class="heat"><thead><tr><th></th>\#(head)</tr></thead><tbody>\#(rows)</tbody></table>"#
    }
}
