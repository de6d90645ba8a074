// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// The input of `agent batch`, read and checked whole before anything is sent.
struct BatchItems {
    /// Lines that are named one by one.
    private static let shownFaults = 10

    let items: [BatchItem]
    /// Of the file's bytes.
    let digest: String

    /// - Throws: ``UsageError`` with the lines that are wrong.
    init(_ path: String) throws {
        let source = try ScriptFile(path).source
        digest = SHA256.digest(source).hexadecimal
        var items: [BatchItem] = []
        var faults: [String] = []
        var number = 0
        var start = 0
        while start < source.count {
            let end = source[start...].firstIndex(of: UInt8(ascii: "\n")) ?? source.count
            number += 1
            let line = source.span.extracting(start..<end)
            start = end + 1
            guard !Self.isBlank(line) else { continue }
            do {
                items.append(try BatchItem(line, index: items.count))
            } catch {
                faults.append("\(path):\(number): \(error)")
            }
        }
        guard faults.isEmpty else {
            let shown = faults.prefix(Self.shownFaults).joined(separator: "\n")
            let rest = faults.count > Self.shownFaults ? "\n… and \(faults.count - Self.shownFaults) more" : ""
            throw UsageError("nothing was sent:\n\(shown)\(rest)")
        }
        self.items = items
    }

    private static func isBlank(_ line: Span<UInt8>) -> Bool {
        for index in line.indices where line[index] != 0x20 && line[index] != 0x0D && line[index] != 0x09 {
            return false
        }
        return true
    }
}
