// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// A text that is to be judged, and what the answer calls it.
struct NamedText {
    /// A path, with `:LINE` behind it for a line of one; `nil` for a text of the command line.
    let name: String?
    let text: String
    /// The `id` of a line.
    var id: JSONValue?
}

/// What `agent moderate` is given: files, texts, standard input.
enum ModerationTexts {
    /// - Parameters:
    ///   - words: texts, or paths of files that are there; `-` for standard input.
    ///   - files: paths.
    ///   - lines: whether files hold a text a line, as JSON.
    /// - Throws: ``UsageError`` for a file that is missing or not UTF-8, a line that holds no text, and for a word that looks
    ///   like the path of a file that is missing: its name must not be judged in place of its content.
    static func read(words: [String], files: [String], lines: Bool) async throws -> [NamedText] {
        var texts: [NamedText] = []
        for word in words {
            let isFile = word == "-" || TextArguments.isFile(word)
            if !isFile, lines || looksLikePath(word) {
                throw UsageError("\(word): there is no such file; to judge these words as a text, send them to -")
            }
            texts += isFile ? try await content(of: word, lines) : [NamedText(name: nil, text: word)]
        }
        for file in files { texts += try await content(of: file, lines) }
        return texts
    }

    private static func content(of file: String, _ lines: Bool) async throws -> [NamedText] {
        let text = try await TextArguments.text(of: file)
        guard lines else { return [NamedText(name: file == "-" ? "stdin" : file, text: text)] }
        var texts: [NamedText] = []
        for (index, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let isBlank = line.allSatisfy { [0x20, 0x09, 0x0D].contains($0) }
            if !isBlank { texts.append(try self.line(Array(line), "\(file):\(index + 1)")) }
        }
        return texts
    }

    private static func line(_ bytes: [UInt8], _ place: String) throws -> NamedText {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw UsageError("\(place): \(error)")
        }
        let fields = ["text", "input", "prompt"].lazy.compactMap { value[$0]?.stringValue }
        guard let text = value.stringValue ?? fields.first else {
            throw UsageError("\(place): expected a JSON string, or an object with a string \"text\" or \"input\"")
        }
        return NamedText(name: place, text: text, id: value["id"])
    }

    /// One word with a slash in it, or with an ending as files have.
    private static func looksLikePath(_ word: String) -> Bool {
        guard !word.contains(where: \.isWhitespace), !word.isEmpty else { return false }
        if word.contains("/") { return true }
        guard let dot = word.lastIndex(of: "."), dot != word.startIndex else { return false }
        let ending = word[word.index(after: dot)...]
        return (1...5).contains(ending.count) && ending.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
}
