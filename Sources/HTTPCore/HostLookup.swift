// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// Looks up the addresses of a host in the way of the system: the hosts file, then DNS.
public enum HostLookup {
    /// - Parameter name: a host name, or an address with or without brackets.
    /// - Returns: at least one address, the best first (RFC 6724).
    /// - Throws: ``HTTPTransportError/Code/connect`` when there is none; `CancellationError` at once, though the system's look-up goes
    ///   on in the background.
    public static func addresses(of name: String) async throws -> [IPAddress] {
        if let address = IPAddress(name) { return [address] }
        let answer = Answer()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard answer.wait(continuation) else { return }
                // getaddrinfo waits for servers: for a name that nobody answers for some ten seconds.
                DispatchQueue.global().async { answer.give(Result { try system(name) }) }
            }
        } onCancel: {
            answer.give(.failure(CancellationError()))
        }
    }

    private static func system(_ name: String) throws(HTTPTransportError) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        var addresses: [IPAddress] = []
        var next = status == 0 ? list : nil
        while let entry = next {
            if let address = address(entry.pointee), !addresses.contains(address) { addresses.append(address) }
            next = entry.pointee.ai_next
        }
        guard !addresses.isEmpty else {
            throw HTTPTransportError(.connect, "no connection to \(name): the name was not found")
        }
        return addresses
    }

    private static func address(_ entry: addrinfo) -> IPAddress? {
        guard let place = entry.ai_addr else { return nil }
        switch entry.ai_family {
        case AF_INET:
            return place.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin_addr) { IPAddress(bytes: Array($0)) }
            }
        case AF_INET6:
            return place.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin6_addr) { IPAddress(bytes: Array($0)) }
            }
        default: return nil
        }
    }

    /// What comes first: the answer, or the end of the wait.
    private final class Answer: Sendable {
        private enum State {
            case open
            case waiting(CheckedContinuation<[IPAddress], any Error>)
            case given(Result<[IPAddress], any Error>)
        }

        private let state = Mutex(State.open)

        /// - Returns: whether an answer is still to be found.
        func wait(_ continuation: CheckedContinuation<[IPAddress], any Error>) -> Bool {
            let early: Result<[IPAddress], any Error>? = state.withLock { state in
                if case .given(let result) = state { return result }
                state = .waiting(continuation)
                return nil
            }
            guard let early else { return true }
            continuation.resume(with: early)
            return false
        }

        func give(_ result: Result<[IPAddress], any Error>) {
            let waiting: CheckedContinuation<[IPAddress], any Error>? = state.withLock { state in
                defer { if case .given = state {} else { state = .given(result) } }
                if case .waiting(let continuation) = state { return continuation }
                return nil
            }
            waiting?.resume(with: result)
        }
    }
}
