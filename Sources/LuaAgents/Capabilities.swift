// SPDX-License-Identifier: Apache-2.0

import HTTPCore

/// What passes a door: the grants of the run with their roots open and their programs found; inside a call of a tool, less.
struct Capabilities: Sendable {
    let grants: Grants
    let files: FileAccess
    private let programs: GrantedPrograms
    /// The needs of the tools in whose calls we are, the outermost first.
    private let needs: [Grants]
    /// The innermost of those tools.
    private let tool: String?

    init(_ grants: Grants) {
        self.init(
            grants, FileAccess(grants: grants), GrantedPrograms(grants.exec), needs: [], tool: nil)
    }

    private init(
        _ grants: Grants, _ files: FileAccess, _ programs: GrantedPrograms, needs: [Grants], tool: String?
    ) {
        self.grants = grants
        self.files = files
        self.programs = programs
        self.needs = needs
        self.tool = tool
    }

    /// What a call of `tool` may do: what this may, and the tool declares.
    func narrowed(to needs: ToolNeeds, of tool: String) -> Capabilities {
        let scopes = needs.scopes
        return Capabilities(
            grants,
            FileAccess(
                readable: files.readable.narrowed(to: scopes.read, of: tool),
                writable: files.writable.narrowed(to: scopes.write, of: tool)),
            programs, needs: self.needs + [scopes], tool: tool)
    }

    // MARK: - Network

    /// - Throws: ``DeniedError`` when the host of `url` may not be reached, whatever its address.
    func checkHost(_ url: HTTPURL, _ operation: String) throws {
        let isDefault = url.port == url.scheme.defaultPort
        let isAllowed = ([grants] + needs).allSatisfy {
            $0.allowsHost(url.host, port: url.port, isDefaultPort: isDefault)
        }
        guard isAllowed else { throw Denial(kind: .net, tool: tool).error(operation, url.authority) }
    }

    /// - Throws: ``DeniedError`` when `address` is not of the public internet and was not granted itself.
    func check(_ address: IPAddress, of url: HTTPURL, _ operation: String) throws {
        if address.isPublic || grants.isUnrestricted { return }
        let isDefault = url.port == url.scheme.defaultPort
        let isNamed = grants.net.entries.contains {
            HostPattern($0).names(address, of: url.host, port: url.port, isDefaultPort: isDefault)
        }
        guard !isNamed else { return }
        let isItself = url.host == "localhost" ? address.isLoopback : IPAddress(url.host) != nil
        let wanted = isItself ? url.authority : isDefault ? address.host : "\(address.host):\(url.port)"
        throw DeniedError(
            "\(operation): \(url.authority) is no address of the public internet, and others are reached only when they are named",
            flags: [ShellWord.quoted("--allow-net=\(wanted)")])
    }

    // MARK: - Variables and programs

    func checkVariable(_ name: String, _ operation: String) throws {
        guard ([grants] + needs).allSatisfy({ $0.allowsVariable(name) }) else {
            throw Denial(kind: .env, tool: tool).error(operation, name)
        }
    }

    /// The variables that were granted by name.
    var variables: [String] {
        grants.env.entries.filter { name in needs.allSatisfy { $0.allowsVariable(name) } }
    }

    /// The path of a program that may be run.
    ///
    /// - Throws: ``DeniedError``; ``FileProblem`` when it was granted and is not there.
    func program(_ name: String, _ operation: String) throws -> String {
        try checkProgram(name, operation)
        return try programs.path(name)
    }

    /// - Throws: ``DeniedError`` when the program may not be run.
    func checkProgram(_ name: String, _ operation: String) throws {
        let isNeeded = needs.allSatisfy { $0.exec.contains { programs.isSame($0, name) } }
        guard isNeeded, programs.allows(name) else { throw Denial(kind: .exec, tool: tool).error(operation, name) }
    }

    /// Where programs are looked for.
    var searchPath: String { programs.searchPath }

    // MARK: - Needs

    /// What of `needs` does not pass here.
    func missing(_ needs: ToolNeeds) -> ToolNeeds {
        var missing = Grants()
        for kind in GrantKind.allCases {
            switch needs.scopes[kind] {
            case .nothing: break
            case .everything:
                if ([grants] + self.needs).contains(where: { $0[kind] == .nothing }) { missing[kind] = .everything }
            case .only(let names):
                let refused = names.filter { !covers(kind, $0) }
                if !refused.isEmpty { missing[kind] = .only(refused) }
            }
        }
        return ToolNeeds(missing)
    }

    private func covers(_ kind: GrantKind, _ name: String) -> Bool {
        let layers = [grants] + needs
        return switch kind {
        case .net: layers.allSatisfy { $0.net.contains { HostPattern($0).covers(HostPattern(name)) } }
        case .read: files.readable.covers(name)
        case .write: files.writable.covers(name)
        case .env: layers.allSatisfy { $0.allowsVariable(name) }
        case .exec:
            programs.allows(name) && needs.allSatisfy { $0.exec.contains { programs.isSame($0, name) } }
        }
    }
}
