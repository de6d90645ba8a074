// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaAgents

/// What `t:run` and `t:load` were given, read and checked.
struct TaskSpec: Sendable {
    enum Tape: Sendable, Equatable {
        /// Named after the file and the test.
        case named
        case path(String)
        /// There is none: the run is a live one, or is not made.
        case none
    }

    var task: String
    /// A prompt or messages; empty where there are none.
    var input: [Message] = []
    /// The turns of a scripted model.
    var turns: JSONValue?
    /// The model that answers, whatever the file names.
    var model: JSONValue?
    var tape = Tape.named
    var allow = Grants.none
    var approvals: JSONValue?
    var fakeHTTP: JSONValue?
    var fakeVariables: [String: String] = [:]
    var fakeFiles: [String: [UInt8]?]?
    var now: Double?
    var fakePrograms: JSONValue?
    var fakeIndex: JSONValue?
    /// By the names of ``FakeServices/names``.
    var fakeServices: JSONObject = [:]
    var arguments: [String] = []
    var standardInput: [UInt8] = []
    var streams = false

    /// - Throws: ``Misuse`` that names the option.
    init(task: String, input: JSONValue = .null, options: JSONValue, call: String = "t:run") throws(Misuse) {
        self.task = task
        if !input.isNull {
            do {
                self.input = try Message.conversation(input)
            } catch {
                throw Misuse("\(call): prompt: \(error)")
            }
        }
        for (name, value) in Optional(options).asArguments.objectValue ?? [:] {
            try read(name, value, "\(call): \(name)", call)
        }
        guard turns == nil || tape == .named else {
            throw Misuse("\(call): model = t.scripted and tape exclude each other")
        }
    }

    private mutating func read(_ name: String, _ value: JSONValue, _ place: String, _ call: String) throws(Misuse) {
        switch name {
        case "scripted": turns = value
        case "model": model = value
        case "tape": tape = try Self.tape(value, place)
        case "allow": allow = try Grants(scriptValue: value, place)
        case "approvals": approvals = value
        case "fakes": try readFakes(value, place)
        case "args": arguments = try Self.words(value, place)
        case "stdin": standardInput = Array(try Self.string(value, place).utf8)
        case "stream":
            guard let flag = value.boolValue else { throw Self.wrong(place, "true or false", value) }
            streams = flag
        default:
            throw Misuse(
                "\(call): unknown option '\(name)'; there are allow, approvals, args, fakes, model, stdin, stream, tape"
            )
        }
    }

    private mutating func readFakes(_ value: JSONValue, _ place: String) throws(Misuse) {
        guard let fakes = Optional(value).asArguments.objectValue else { throw Self.wrong(place, "a table", value) }
        for (name, value) in fakes {
            switch name {
            case "http": fakeHTTP = value
            case "env": fakeVariables = try Self.texts(value, "\(place).env")
            case "fs": fakeFiles = try Self.files(value, "\(place).fs")
            case "now": now = try Self.seconds(value, "\(place).now")
            case "exec": fakePrograms = value
            case "index": fakeIndex = value
            case _ where FakeServices.names.contains(name): fakeServices[name] = value
            default:
                let known = (["env", "exec", "fs", "http", "index", "now"] + FakeServices.names).sorted()
                throw Misuse("\(place): unknown fake '\(name)'; there are \(known.joined(separator: ", "))")
            }
        }
    }

    // MARK: - Reading

    private static func wrong(_ place: String, _ expected: String, _ value: JSONValue) -> Misuse {
        Misuse("\(place): expected \(expected), found \(value.typeName)")
    }

    private static func string(_ value: JSONValue, _ place: String) throws(Misuse) -> String {
        guard let text = value.stringValue else { throw wrong(place, "a string", value) }
        return text
    }

    private static func texts(_ value: JSONValue, _ place: String) throws(Misuse) -> [String: String] {
        var texts: [String: String] = [:]
        for (name, value) in Optional(value).asArguments.objectValue ?? [:] {
            texts[name] = try string(value, "\(place).\(name)")
        }
        return texts
    }

    /// `false` for a file that is not there and may be written.
    private static func files(_ value: JSONValue, _ place: String) throws(Misuse) -> [String: [UInt8]?] {
        var files: [String: [UInt8]?] = [:]
        for (path, value) in Optional(value).asArguments.objectValue ?? [:] {
            let bytes: [UInt8]? = value == false ? nil : Array(try string(value, "\(place)['\(path)']").utf8)
            files.updateValue(bytes, forKey: path)
        }
        return files
    }

    private static func seconds(_ value: JSONValue, _ place: String) throws(Misuse) -> Double {
        guard let seconds = value.doubleValue else { throw wrong(place, "seconds since 1970", value) }
        return seconds
    }

    private static func words(_ value: JSONValue, _ place: String) throws(Misuse) -> [String] {
        if value.objectValue?.isEmpty == true { return [] }
        guard let values = value.arrayValue else { throw wrong(place, "a list of strings", value) }
        var words: [String] = []
        for value in values { words.append(try string(value, place)) }
        return words
    }

    private static func tape(_ value: JSONValue, _ place: String) throws(Misuse) -> Tape {
        switch value {
        case .bool(false): return .none
        case .string(let path) where !path.isEmpty: return .path(path)
        default: throw wrong(place, "a path, or false for a live run", value)
        }
    }
}
