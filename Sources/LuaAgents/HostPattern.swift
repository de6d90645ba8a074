// SPDX-License-Identifier: Apache-2.0

import HTTPCore

/// An entry of ``Grants/net``: a host, an address, or all hosts beneath a name, with a port or without.
struct HostPattern: Sendable {
    let host: String
    /// `nil` for the default port of the scheme.
    let port: Int?
    private let address: IPAddress?

    init(_ text: String) {
        let text = text.lowercased()
        var (host, port) = (text, Int?.none)
        // "::1" has colons, and no port.
        if IPAddress(text) == nil, let colon = text.lastIndex(of: ":"),
            let number = Int(text[text.index(after: colon)...])
        {
            (host, port) = (String(text[..<colon]), number)
        }
        (self.host, self.port, address) = (host, port, IPAddress(host))
    }

    func matches(_ host: String, port: Int, isDefaultPort: Bool) -> Bool {
        matchesPort(port, isDefaultPort) && matchesHost(host.lowercased())
    }

    private func matchesPort(_ port: Int, _ isDefaultPort: Bool) -> Bool {
        self.port.map { $0 == port } ?? isDefaultPort
    }

    private func matchesHost(_ host: String) -> Bool {
        if let address { return address == IPAddress(host) }
        if self.host.hasPrefix("*.") {
            return host.hasSuffix(self.host.dropFirst(1)) && host.utf8.count >= self.host.utf8.count
        }
        return self.host == host
    }

    /// Whether this entry names `address` of `host` itself, or is `localhost` for this machine.
    func names(_ address: IPAddress, of host: String, port: Int, isDefaultPort: Bool) -> Bool {
        guard matchesPort(port, isDefaultPort) else { return false }
        if let own = self.address { return own == address }
        return self.host == "localhost" && host == "localhost" && address.isLoopback
    }

    /// Whether this allows all that `other` does.
    func covers(_ other: HostPattern) -> Bool {
        guard port == other.port else { return false }
        if other.host.hasPrefix("*.") {
            return host.hasPrefix("*.") && other.host.dropFirst(1).hasSuffix(host.dropFirst(1))
        }
        return matchesHost(other.host)
    }
}
