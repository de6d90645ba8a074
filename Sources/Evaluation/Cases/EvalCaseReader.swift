// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// Reads the lines of labelled sets. Each fault has its file, line and place in the line; no line is left out unseen.
public struct EvalCaseReader: Sendable {
    /// Something wrong with a line.
    public struct Fault: Sendable, Equatable, CustomStringConvertible {
        public let file: String
        /// From 1.
        public let line: Int
        public let pointer: JSONPointer
        public let message: String

        public var description: String {
            "\(file):\(line): \(pointer.isRoot ? "" : "\(pointer): ")\(message)"
        }
    }

    private static let keys = [
        "id", "input", "expected", "category", "label", "tags", "set", "rubric", "check", "metadata",
    ]

    public private(set) var cases: [EvalCase] = []
    public private(set) var faults: [Fault] = []
    private let defaults: CheckDefaults
    private var file = ""
    private var set = ""
    private var line = 0
    private var places: [String: String] = [:]

    /// - Parameter defaults: what a case is held to that says nothing itself.
    public init(defaults: CheckDefaults = CheckDefaults()) { self.defaults = defaults }

    /// Begins a file: lines count from 1 again, and its name without folder and ending is the set of cases that name none.
    public mutating func begin(file: String) {
        self.file = file
        line = 0
        let name = file.split(separator: "/").last.map(String.init) ?? file
        set = name.lastIndex(of: ".").flatMap { $0 == name.startIndex ? nil : String(name[..<$0]) } ?? name
    }

    /// Reads the next line. A line of nothing but white space holds no case; a byte order mark before the first is not read.
    ///
    /// - Parameter bytes: the line without its line feed.
    public mutating func read(_ bytes: Span<UInt8>) {
        line += 1
        var bytes = bytes
        if line == 1, bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
            bytes = bytes.extracting(3..<bytes.count)
        }
        if (0..<bytes.count).allSatisfy({ [0x20, 0x09, 0x0D].contains(bytes[$0]) }) { return }
        do {
            try add(try JSONValue(parsing: bytes))
        } catch let fault as FieldFault {
            faults.append(Fault(file: file, line: line, pointer: fault.pointer, message: fault.message))
        } catch let error as JSONError {
            note("not JSON: \(error.message), at byte \(error.offset ?? 0) of the line")
        } catch {
            note("\(error)")
        }
    }

    private mutating func note(_ message: String) {
        faults.append(Fault(file: file, line: line, pointer: JSONPointer(), message: message))
    }

    private mutating func add(_ value: JSONValue) throws {
        let fields = try FieldReader(value, at: JSONPointer(), known: Self.keys)
        let place = "\(file):\(line)"
        let set = try fields.string("set") ?? self.set
        let id = try fields.string("id") ?? "\(set):\(line)"
        if let earlier = places[id] {
            throw FieldFault(fields.place("id"), "the id \"\(id)\" is also that of \(earlier)")
        }
        var found = EvalCase(
            id: id, place: place, input: try InputMessages.read(fields.fields["input"], at: fields.place("input")),
            expected: fields["expected"], category: try fields.string("category"), label: try Self.label(fields),
            tags: try fields.strings("tags") ?? [], set: set, metadata: fields["metadata"])
        found.checks = try defaults.checks(of: found, fields)
        places[id] = place
        cases.append(found)
    }

    private static func label(_ fields: FieldReader) throws(FieldFault) -> EvalCase.Label? {
        switch fields["label"] {
        case nil: return nil
        case .bool(let isFound)?: return isFound ? .block : .allow
        case .string(let text)?:
            if let label = EvalCase.Label(rawValue: text) { return label }
        default: break
        }
        throw FieldFault(fields.place("label"), "expected \"allow\" or false, \"block\" or true")
    }
}
