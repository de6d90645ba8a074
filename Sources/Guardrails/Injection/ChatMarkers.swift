// SPDX-License-Identifier: Apache-2.0

/// The marks by which chat templates and prompts tell speakers apart, and which have no business in data.
enum ChatMarkers {
    private static let marks: [(bytes: [UInt8], weight: Double, atLineStart: Bool)] = [
        ("<|im_start|>", 0.45, false), ("<|im_end|>", 0.45, false), ("<|system|>", 0.45, false),
        ("<|user|>", 0.45, false),
        ("<|assistant|>", 0.45, false), ("<|start_header_id|>", 0.45, false), ("<|end_header_id|>", 0.45, false),
        ("<|eot_id|>", 0.45, false), ("<|endoftext|>", 0.45, false), ("<start_of_turn>", 0.45, false),
        ("<end_of_turn>", 0.45, false),
        ("[inst]", 0.45, false), ("[/inst]", 0.45, false), ("<<sys>>", 0.45, false), ("<</sys>>", 0.45, false),
        ("[system_prompt]", 0.45, false), ("[/system_prompt]", 0.45, false), ("[available_tools]", 0.45, false),
        ("[tool_results]", 0.45, false), ("</tool_result", 0.45, false), ("</tool_response", 0.45, false),
        ("</function_results", 0.45, false), ("<system>", 0.45, false), ("</user", 0.3, false),
        ("### system:", 0.55, true), ("### instruction:", 0.35, true), ("### assistant:", 0.35, true),
        ("system:", 0.25, true), ("assistant:", 0.2, true), ("human:", 0.2, true),
    ].map { (Array($0.0.utf8), $0.1, $0.2) }

    private static let byFirstByte: [[Int]] = {
        var table = [[Int]](repeating: [], count: 256)
        for (index, mark) in marks.enumerated() {
            let first = mark.bytes[0]
            table[Int(first)].append(index)
            if first.isLetter { table[Int(first & 0xDF)].append(index) }
        }
        return table
    }()

    /// The first place of each mark, with its weight.
    static func found(in text: TextView) -> [(weight: Double, place: Int)] {
        var places = [Int?](repeating: nil, count: marks.count)
        for index in 0..<text.count {
            for mark in byFirstByte[Int(text.bytes[index])] where places[mark] == nil {
                guard text.has(marks[mark].bytes, at: index), !marks[mark].atLineStart || isLineStart(text, index)
                else { continue }
                places[mark] = index
            }
        }
        return places.enumerated().compactMap { mark, place in place.map { (marks[mark].weight, $0) } }
    }

    private static func isLineStart(_ text: TextView, _ index: Int) -> Bool {
        var place = index
        while place > 0, index - place < 4, text[place - 1] == 0x20 || text[place - 1] == UInt8(ascii: "*") {
            place -= 1
        }
        return place == 0 || text[place - 1] == 0x0A || text.isEscape(endingAt: place)
    }
}
