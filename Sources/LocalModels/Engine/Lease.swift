// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Glibc
import JSONCore

/// A connection that keeps an engine alive as long as it is open.
final class Lease: Sendable {
    private let file: Int32

    init(path: String) throws {
        file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { place in
            guard path.utf8.count < place.count else { return false }
            place.copyBytes(from: path.utf8)
            return true
        }
        let connected =
            fits
            && withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                }
            }
        guard connected else {
            let reason = fits ? String(cString: strerror(errno)) : "its path is too long"
            // A class whose properties are all set is deinitialized when its initializer throws: the socket is closed there.
            throw ModelError(.unavailable, "the local engine went away while it was started (\(path): \(reason))")
        }
    }

    deinit { if file >= 0 { close(file) } }

    /// What the engine says of itself to a new lease: one line of JSON. `nil` when it says nothing within 5 seconds.
    func greeting() -> LocalEngine.Endpoint? {
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while line.last != UInt8(ascii: "\n") {
            var wanted = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
            guard poll(&wanted, 1, 5000) > 0 else { return nil }
            let count = recv(file, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            line += buffer[..<count]
        }
        guard let facts = try? JSONValue(parsing: line), let socketPath = facts["http"]?.stringValue else { return nil }
        return LocalEngine.Endpoint(socketPath: socketPath, context: Int(facts["context"]?.integerValue ?? 4096))
    }

    /// Whether the engine still holds its end.
    var isOpen: Bool {
        var buffer = [UInt8](repeating: 0, count: 512)
        while true {
            let count = recv(file, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 { continue }
            return count < 0 && (errno == EAGAIN || errno == EINTR)
        }
    }
}
