// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// The official tests of one draft and area, read from the JSON-Schema-Test-Suite.
struct SchemaSuite {
    enum Draft: String, CaseIterable, Sendable {
        case draft4, draft6, draft7
        case draft2019 = "draft2019-09"
        case draft2020 = "draft2020-12"
    }

    enum Area: String, CaseIterable, Sendable {
        case required = ""
        case optional = "/optional"
        case format = "/optional/format"
    }

    struct Group {
        /// The file and what the group is about, such as `ref/remote ref, containing refs itself`.
        let name: String
        let schema: JSONValue
        let tests: [Case]
    }

    struct Case {
        let name: String
        let instance: JSONValue
        let isValid: Bool
    }

    let groups: [Group]
    /// The documents that the suite expects a server to serve, by the address that it expects them at.
    let documents: [String: JSONValue]

    init(_ draft: Draft, _ area: Area) throws {
        let folder = try SuiteFolder("json-schema")
        let place = "tests/" + draft.rawValue + area.rawValue
        groups = try folder.names(in: place).filter { $0.hasSuffix(".json") }.flatMap { file in
            try Self.groups(in: folder.json(place + "/" + file), file: String(file.dropLast(".json".count)))
        }
        documents = try Self.documents(in: folder)
    }

    private static func groups(in file: JSONValue, file name: String) -> [Group] {
        (file.arrayValue ?? []).compactMap { group in
            guard let schema = group["schema"], let about = group["description"]?.stringValue else { return nil }
            let tests = (group["tests"]?.arrayValue ?? []).compactMap { test -> Case? in
                guard let data = test["data"], let valid = test["valid"]?.boolValue,
                    let about = test["description"]?.stringValue
                else { return nil }
                return Case(name: about, instance: data, isValid: valid)
            }
            return Group(name: name + "/" + about, schema: schema, tests: tests)
        }
    }

    /// The suite's README gives the address.
    static func documents(in folder: SuiteFolder) throws -> [String: JSONValue] {
        var documents: [String: JSONValue] = [:]
        for file in folder.documents(below: "remotes") {
            documents["http://localhost:1234/" + file] = try folder.json("remotes/" + file)
        }
        return documents
    }
}
