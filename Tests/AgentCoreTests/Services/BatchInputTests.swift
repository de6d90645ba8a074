// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@Suite struct BatchInputTests {
    private func input(_ text: String, pieces: Int = 1_000) -> BatchInput {
        var input = BatchInput()
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            input.add(Array(bytes[start..<min(start + pieces, bytes.count)]))
        }
        input.finish()
        return input
    }

    private let good = "{\"custom_id\":\"a\",\"body\":{\"model\":\"m\"}}\r\n{\"custom_id\":\"b\",\"body\":{}}\n\n"

    @Test(arguments: [1, 2, 7, 1_000]) func linesAreReadHoweverTheyArrive(pieces: Int) {
        let input = input(good, pieces: pieces)
        #expect(input.customIDs == ["a", "b"])
        #expect(input.faults.isEmpty)
        #expect(!input.bodiesNameModels)
        #expect(input == self.input(good))
    }

    @Test func aChangedByteChangesTheHash() {
        #expect(input(good).hash != input(good.replacing("m", with: "n")).hash)
    }

    @Test(arguments: [
        ("{", "line 1, column 2:"), ("[]", "line 1: expected an object, found array"),
        ("{\"body\":{}}", "line 1: custom_id: expected a string"),
        ("{\"custom_id\":7,\"body\":{}}", "custom_id: expected a string, by which its result is found; found integer"),
        ("{\"custom_id\":\"a\",\"body\":[]}", "line 1: body: expected an object, found array"),
        (
            "{\"custom_id\":\"a\",\"body\":{}}\n{\"custom_id\":\"a\",\"body\":{}}",
            "line 2: custom_id \"a\" was given to line 1 already"
        ),
        ("\n", "the file holds no requests"),
    ])
    func aFaultIsToldWithItsLine(text: String, says: String) {
        let input = input(text)
        #expect(input.faults.first?.contains(says) == true, "\(input.faults)")
    }

    @Test func manyFaultsAreCountedAndTwentyTold() {
        let input = input(String(repeating: "x\n", count: 50))
        #expect(input.faultCount == 50)
        #expect(input.faults.count == 20)
    }
}

@Suite struct PageSelectionTests {
    @Test(arguments: [("0", [0]), ("0-2,4", [0, 1, 2, 4]), ("3, 1-2,2", [3, 1, 2])])
    func pagesAreNumbersAndRanges(text: String, pages: [Int]) throws {
        #expect(try PageSelection.pages(text) == pages)
    }

    @Test(arguments: ["", "a", "1-", "-1", "2-1", "1,,2", "0-99999999", "1-2-3", "99999999999999999999"])
    func rejectsWhatNamesNoPages(text: String) {
        #expect(throws: SelectionError.self) { try PageSelection.pages(text) }
    }
}
