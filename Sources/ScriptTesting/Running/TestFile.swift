// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A test file, read.
package struct TestFile: Sendable {
    /// As reports and errors call it.
    package let path: String
    /// The folder that it is in: absolute. Tests run there.
    package let folder: String
    /// Its name in the folder.
    package let name: String
    package let source: [UInt8]

    /// - Throws: ``TestFinder/Problem`` when it cannot be read.
    package init(_ path: String) throws(TestFinder.Problem) {
        self.path = path
        let real = TestFinder.real(path)
        let parts = real.split(separator: "/")
        folder = "/" + parts.dropLast().joined(separator: "/")
        name = parts.last.map(String.init) ?? path
        source = try Self.read(real, shownAs: path)
    }

    package init(path: String, folder: String, source: [UInt8]) {
        self.path = path
        self.folder = folder
        name = path.split(separator: "/").last.map(String.init) ?? path
        self.source = source
    }

    /// The name without what makes it a test: `weather` of `weather_test.lua`.
    package var stem: String {
        if name.hasSuffix(TestFinder.suffix) { return String(name.dropLast(TestFinder.suffix.count)) }
        return name.hasSuffix(".lua") ? String(name.dropLast(4)) : name
    }

    private static let limit = 64 << 20

    static func read(_ path: String, shownAs shown: String) throws(TestFinder.Problem) -> [UInt8] {
        guard let file = fopen(path, "re") else {
            throw TestFinder.Problem(description: "\(shown): \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            bytes += buffer[..<count]
            guard bytes.count <= limit else {
                throw TestFinder.Problem(description: "\(shown): longer than \(limit >> 20) MiB")
            }
            if count < buffer.count { break }
        }
        guard ferror(file) == 0 else {
            throw TestFinder.Problem(description: "\(shown): \(String(cString: strerror(errno)))")
        }
        return bytes
    }
}

/// A test of a file, found by running the top of the file.
package struct RegisteredTest: Sendable, Equatable {
    /// From 1, in the order of the file.
    package let number: Int
    package let name: String
    /// Where it is made: `file:line`.
    package let position: String
    /// Why it is not run; `nil` and it is.
    package let skip: String?
    /// Seconds; `nil` for what the command says.
    package let timeout: Double?

    package init(number: Int, name: String, position: String, skip: String? = nil, timeout: Double? = nil) {
        self.number = number
        self.name = name
        self.position = position
        self.skip = skip
        self.timeout = timeout
    }

    /// The name of its tapes: letters and digits, anything else a `-`.
    package var tapeName: String {
        var text = ""
        for character in name.lowercased() {
            if character.isLetter || character.isNumber {
                text.append(character)
            } else if !text.hasSuffix("-"), !text.isEmpty {
                text.append("-")
            }
        }
        let cut = String(text.prefix(80))
        return cut.hasSuffix("-") ? String(cut.dropLast()) : cut.isEmpty ? "test" : cut
    }
}
