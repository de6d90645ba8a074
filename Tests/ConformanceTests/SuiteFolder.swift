// SPDX-License-Identifier: Apache-2.0

import JSONCore

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A suite that `scripts/fetch-suites` has brought.
struct SuiteFolder {
    let path: String

    /// - Parameter name: the suite's name, such as `json-schema`.
    /// - Throws: ``SuiteMissing`` when the folder is not there.
    init(_ name: String) throws {
        path = Self.cache + "/" + name
        guard access(path, R_OK) == 0 else { throw SuiteMissing(path: path) }
    }

    /// The names in a folder below this one, sorted, without those that start with a point.
    func names(in folder: String = "") -> [String] {
        guard let directory = opendir(path + "/" + folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// The paths of all files below a folder that end in `.json`, relative to the folder.
    func documents(below folder: String) -> [String] {
        names(in: folder).flatMap { name in
            name.hasSuffix(".json") ? [name] : documents(below: folder + "/" + name).map { name + "/" + $0 }
        }
    }

    func bytes(of file: String) throws -> [UInt8] {
        guard let stream = fopen(path + "/" + file, "rb") else { throw SuiteMissing(path: path + "/" + file) }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, stream)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    func json(_ file: String) throws -> JSONValue { try JSONValue(parsing: bytes(of: file)) }

    /// The folder that `AGENT_TEST_CACHE` names, or else `.build/suites` of this package.
    private static var cache: String {
        if let named = getenv("AGENT_TEST_CACHE"), named.pointee != 0 { return String(cString: named) }
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return root.joined(separator: "/") + "/.build/suites"
    }
}

struct SuiteMissing: Error, CustomStringConvertible {
    let path: String

    var description: String { "\(path) is not there: run scripts/fetch-suites, which fetches the official suites once" }
}
