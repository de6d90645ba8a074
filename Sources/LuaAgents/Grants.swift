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
    public var net: Scope
    /// Files, and folders with all that is in them.
    public var read: Scope
    /// Files, and folders with all that is in them.
    public var write: Scope
    /// Names of environment variables.
    public var env: Scope
    /// Programs that may be run.
    public var exec: Scope

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
    public static let all = Grants(
        net: .everything, read: .everything, write: .everything, env: .everything, exec: .everything)

    /// Whether `host` at `port` may be reached.
    func allowsHost(_ host: String, port: Int, isDefaultPort: Bool) -> Bool {
        switch net {
        case .nothing: false
        case .everything: true
        case .only(let patterns):
            patterns.contains {
                Self.matches($0.lowercased(), host.lowercased(), port: port, isDefaultPort: isDefaultPort)
            }
        }
    }

    func allowsVariable(_ name: String) -> Bool {
        switch env {
        case .nothing: false
        case .everything: true
        case .only(let names): names.contains(name)
        }
    }

    private static func matches(_ pattern: String, _ host: String, port: Int, isDefaultPort: Bool) -> Bool {
        if hostMatches(pattern, host) { return isDefaultPort }
        let suffix = ":\(port)"
        return pattern.hasSuffix(suffix) && hostMatches(String(pattern.dropLast(suffix.count)), host)
    }

    private static func hostMatches(_ pattern: String, _ host: String) -> Bool {
        if pattern.hasPrefix("*.") {
            return host.hasSuffix(pattern.dropFirst(1)) && host.utf8.count >= pattern.utf8.count
        }
        return pattern == host
    }
}

/// A script asked for something that it was not granted.
public struct DeniedError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was asked for, and the flag that would allow it.
    public let description: String

    init(_ operation: String, _ subject: String, flag: String) {
        description = "\(operation): \(subject) is not granted; allow it with \(flag)=\(subject)"
    }
}
