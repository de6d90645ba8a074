// SPDX-License-Identifier: Apache-2.0

import HTTPCore
import HTTPTypes

/// The network of a script: each request, and each redirect, is checked by the name of its host; then the name is looked up, every
/// address is checked, and the connection goes to an address that was. No server of names can say one thing to the check and another
/// to the connection.
struct GuardedTransport: HTTPTransport {
    let transport: any HTTPTransport
    let capabilities: Capabilities
    let lookUp: @Sendable (String) async throws -> [IPAddress]
    /// Who asks, for errors.
    let operation: String
    /// Servers that the operator has set: they need no grant.
    let servers: [HTTPURL]

    /// A look-up that takes longer is a failure, whatever the request may take.
    private static let lookUpTime = Duration.seconds(30)

    /// - Throws: also ``DeniedError``, and ``Misuse`` for an address in a spelling that only the C library knows.
    func withResponse<Value>(
        to request: HTTPTransportRequest, timeouts: HTTPTimeouts,
        _ body: (HTTPResponse, HTTPBody) async throws -> Value
    ) async throws -> Value {
        var request = request
        let followsRedirects = request.followsRedirects
        request.followsRedirects = false
        var followed = 0
        while true {
            switch try await exchange(request, timeouts, followed: followsRedirects ? followed : nil, body) {
            case .value(let value): return value
            case .redirect(let next):
                request = next
                followed += 1
            }
        }
    }

    private enum Outcome<Value> {
        case value(Value)
        case redirect(HTTPTransportRequest)
    }

    /// - Parameter followed: `nil` when redirects are not followed.
    private func exchange<Value>(
        _ request: HTTPTransportRequest, _ timeouts: HTTPTimeouts, followed: Int?,
        _ body: (HTTPResponse, HTTPBody) async throws -> Value
    ) async throws -> Outcome<Value> {
        let places = try await places(request.url, timeouts)
        for (number, place) in places.enumerated() {
            var request = request
            request.address = place
            do {
                return try await transport.withResponse(to: request, timeouts: timeouts) { response, content in
                    if let followed,
                        let next = try RedirectPolicy().next(after: request, response: response, followed: followed)
                    {
                        return .redirect(next)
                    }
                    return .value(try await body(response, content))
                }
            } catch let error as HTTPTransportError where error.code == .connect && number < places.count - 1 {
                // Nothing was sent: the next address may answer.
                continue
            }
        }
        throw HTTPTransportError(.connect, "no connection to \(request.url.authority): it has no address")
    }

    // MARK: - Checking

    /// The addresses to try in turn; `nil` for one that needs no pinning: the host is an address, or everything may be reached.
    private func places(_ url: HTTPURL, _ timeouts: HTTPTimeouts) async throws -> [IPAddress?] {
        if servers.contains(where: { $0.hasSameOrigin(as: url) }) { return [nil] }
        try capabilities.checkHost(url, operation)
        if let address = IPAddress(url.host) {
            try capabilities.check(address, of: url, operation)
            return [nil]
        }
        guard !Self.endsInNumber(url.host) else {
            throw Misuse("\(operation): \(url.host): expected a host name, or an address in full such as 192.0.2.1")
        }
        if capabilities.grants.isUnrestricted { return [nil] }
        let addresses = try await lookedUp(url.host, within: timeouts.total ?? timeouts.connect)
        for address in addresses { try capabilities.check(address, of: url, operation) }
        return addresses
    }

    /// The C library takes `127.1`, `2130706433`, `0x7f000001` and `017700000001` for addresses (inet_aton), so no host may end like
    /// one (WHATWG URL, "ends in a number").
    static func endsInNumber(_ host: String) -> Bool {
        guard let last = host.split(separator: ".").last else { return true }
        if last.hasPrefix("0x") { return last.dropFirst(2).utf8.allSatisfy(isHexDigit) }
        return last.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    private func lookedUp(_ host: String, within limit: Duration?) async throws -> [IPAddress] {
        let time = min(limit ?? Self.lookUpTime, Self.lookUpTime)
        return try await withThrowingTaskGroup(of: [IPAddress].self) { group in
            group.addTask { try await lookUp(host) }
            group.addTask {
                try await Task.sleep(for: time)
                throw HTTPTransportError(
                    .timeout, "the address of \(host) was not found within \(time)", phase: .connect)
            }
            defer { group.cancelAll() }
            guard let addresses = try await group.next(), !addresses.isEmpty else {
                throw HTTPTransportError(.connect, "no connection to \(host): the name was not found")
            }
            return addresses
        }
    }
}
