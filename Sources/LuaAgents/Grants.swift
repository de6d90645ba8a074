// SPDX-License-Identifier: Apache-2.0

/// What a script may touch outside its own memory. Nothing by default.
public struct Grants: Sendable, Equatable {
    /// What may be reached of one kind: nothing, some, or everything.
    public enum Scope: Sendable, Equatable {
        case nothing
        case only([String])
        case everything
    }

    /// Hosts: `example.org`, `example.org:8080` or `*.example.org`. Without a port, the default port of the scheme.
    ///
    /// Addresses that are not of the public internet (this machine, private networks, …) are reached only by an entry of their own:
    /// `127.0.0.1:8080`, `[fd00::1]`, `localhost:3000`. Neither names nor ``Scope/everything`` allow them.
    public var net: Scope
    /// Files, and folders with all that is in them. What lies in `/proc`, `/sys` and `/dev` must be named: ``Scope/everything`` does
    /// not allow it.
    public var read: Scope
    /// Files, and folders with all that is in them. A file need not exist yet.
    public var write: Scope
    /// Names of environment variables.
    public var env: Scope
    /// Programs that may be run: by name, found on `PATH` when the grant is made, or by path. What they do is not held to grants.
    public var exec: Scope
    /// Whether special files and private addresses are part of "everything": only ``all`` says so.
    public private(set) var isUnrestricted = false

    public init(
        net: Scope = .nothing, read: Scope = .nothing, write: Scope = .nothing, env: Scope = .nothing,
        exec: Scope = .nothing
    ) {
        self.net = net
        self.read = read
        self.write = write
        self.env = env
        self.exec = exec
    }

    public static let none = Grants()
    public static let all: Grants = {
        var grants = Grants(
            net: .everything, read: .everything, write: .everything, env: .everything, exec: .everything)
        grants.isUnrestricted = true
        return grants
    }()

    /// Whether `host` at `port` may be reached, as far as its name goes.
    func allowsHost(_ host: String, port: Int, isDefaultPort: Bool) -> Bool {
        net.contains { HostPattern($0).matches(host, port: port, isDefaultPort: isDefaultPort) }
    }

    func allowsVariable(_ name: String) -> Bool { env.contains { $0 == name } }

    /// One of the five, by the word of its flag.
    subscript(kind: GrantKind) -> Scope {
        get {
            switch kind {
            case .net: net
            case .read: read
            case .write: write
            case .env: env
            case .exec: exec
            }
        }
        set {
            switch kind {
            case .net: net = newValue
            case .read: read = newValue
            case .write: write = newValue
            case .env: env = newValue
            case .exec: exec = newValue
            }
        }
    }
}

extension Grants.Scope {
    /// Whether an entry is as `predicate` says; everything is.
    func contains(where predicate: (String) -> Bool) -> Bool {
        switch self {
        case .nothing: false
        case .everything: true
        case .only(let entries): entries.contains(where: predicate)
        }
    }

    /// The entries that were named.
    var entries: [String] {
        if case .only(let entries) = self { return entries }
        return []
    }
}

/// A kind of grant.
enum GrantKind: String, CaseIterable, Sendable {
    case net, read, write, env, exec
}

/// A script asked for something that it was not granted.
public struct DeniedError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was asked for, and the flags that would allow it.
    public let description: String
    /// The flags that would allow it, as a shell takes them; empty when no flag alone would.
    public let flags: [String]

    init(_ operation: String, _ subject: String, flag: String) {
        self.init("\(operation): \(subject) is not granted", flags: [ShellWord.quoted("\(flag)=\(subject)")])
    }

    /// The denial of before.
    init(recorded description: String, flags: [String]) { (self.description, self.flags) = (description, flags) }

    /// - Parameter reason: what was asked for, and why it is denied.
    init(_ reason: String, flags: [String]) {
        self.flags = flags
        description = flags.isEmpty ? reason : "\(reason); allow it with \(flags.joined(separator: " "))"
    }
}

/// What denies something of one kind, in its words.
struct Denial: Sendable {
    let kind: GrantKind
    /// The tool whose call asks, if it is held to the needs that it declares.
    var tool: String?

    func error(_ operation: String, _ subject: String) -> DeniedError {
        let flag = "--allow-\(kind.rawValue)"
        guard let tool else { return DeniedError(operation, subject, flag: flag) }
        return DeniedError(
            "\(operation): \(subject) is not among what the tool '\(tool)' needs, or not granted; name it in needs.\(kind.rawValue)",
            flags: [ShellWord.quoted("\(flag)=\(subject)")])
    }
}

/// Words of a command line.
package enum ShellWord {
    /// `word` as a shell takes it: in quotes where it must be.
    package static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-_./=,:@%+[]".utf8.contains(byte)
            }
        }
        let needsQuotes = !isPlain || word.isEmpty || word.contains("[")
        return needsQuotes ? "'" + word.replacing("'", with: "'\\''") + "'" : word
    }
}
