// SPDX-License-Identifier: Apache-2.0

extension HTTPURL {
    static func splitScheme(_ text: String) throws(HTTPTransportError) -> (Scheme, Substring) {
        for scheme in [Scheme.https, .http] {
            let prefix = scheme.rawValue + "://"
            guard text.utf8.count >= prefix.utf8.count else { continue }
            let rest = text.utf8.dropFirst(prefix.utf8.count)
            if zip(text.utf8, prefix.utf8).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) { return (scheme, Substring(rest)) }
        }
        throw HTTPTransportError(.badURL, "expected an address that begins with http:// or https://")
    }

    static func splitAuthority(_ text: Substring, scheme: Scheme) throws(HTTPTransportError) -> (String, Int) {
        if text.contains("@") {
            throw HTTPTransportError(.badURL, "an address must not hold a user or a password before '@'")
        }
        let colon =
            text.hasPrefix("[") ? text.firstIndex(of: "]").map { text.index(after: $0) } : text.firstIndex(of: ":")
        let host = text[..<(colon ?? text.endIndex)].lowercased()
        guard isHost(host) else {
            throw HTTPTransportError(
                .badURL,
                "expected a host name or an IP address after \(scheme.rawValue)://, found \"\(host.prefix(80))\"")
        }
        let tail = colon.map { text[$0...] } ?? ""
        // RFC 3986 §3.2.3: the port may be empty.
        if tail.isEmpty || tail == ":" { return (host, scheme.defaultPort) }
        guard tail.first == ":", tail.dropFirst().utf8.allSatisfy(isDigit), let port = Int(tail.dropFirst()),
            (1...65535).contains(port)
        else {
            throw HTTPTransportError(.badURL, "expected a port from 1 to 65535 after the host \(host)")
        }
        return (host, port)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isHost(_ host: String) -> Bool {
        if host.hasPrefix("[") {
            let inside = host.dropFirst().dropLast()
            return host.hasSuffix("]") && inside.contains(":")
                && inside.utf8.allSatisfy { isDigit($0) || (0x61...0x66).contains($0) || $0 == 0x3A || $0 == 0x2E }
        }
        return !host.isEmpty
            && host.utf8.allSatisfy { isDigit($0) || (0x61...0x7A).contains($0) || [0x2D, 0x2E, 0x5F].contains($0) }
    }

    /// The path and query of `text` up to a fragment, beginning with `/`.
    static func encodedPath(_ text: Substring) throws(HTTPTransportError) -> String {
        var bytes: [UInt8] = text.first == "/" ? [] : [0x2F]
        for byte in text.utf8 {
            if byte == 0x23 { break }
            switch byte {
            case 0...0x20, 0x7F:
                throw HTTPTransportError(
                    .badURL, "an address must not hold white space or control characters; write a space as %20")
            // `"<>\^`{|}` and what is not ASCII have no place in an address (RFC 3986 §2).
            case 0x22, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B, 0x7C, 0x7D, 0x80...:
                bytes += [0x25, hexDigit(byte >> 4), hexDigit(byte & 15)]
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

    /// The address that `reference` means when it stands in a document of this address (RFC 3986 §5.2).
    ///
    /// - Throws: ``HTTPTransportError/Code/badURL``, also for another scheme than `http` and `https`.
    public func resolving(_ reference: String) throws(HTTPTransportError) -> HTTPURL {
        let head = reference.prefix { !"/?#".contains($0) }
        if head.contains(":") { return try HTTPURL(parsing: reference) }
        if reference.hasPrefix("//") { return try HTTPURL(parsing: "\(scheme.rawValue):\(reference)") }
        let ownPath = path.prefix { $0 != "?" }
        switch reference.first {
        case nil, "#": return self
        case "?": return replacingPath(try Self.encodedPath(ownPath + reference))
        case "/": return replacingPath(Self.withoutDots(try Self.encodedPath(Substring(reference))))
        default:
            let folder = ownPath[...(ownPath.lastIndex(of: "/") ?? ownPath.startIndex)]
            return replacingPath(Self.withoutDots(try Self.encodedPath(folder + reference)))
        }
    }

    /// `path` without `.` and `..` (RFC 3986 §5.2.4); its query stays.
    private static func withoutDots(_ path: String) -> String {
        let query = path.drop { $0 != "?" }
        let segments = path.prefix { $0 != "?" }.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        var kept: [Substring] = []
        for (place, segment) in segments.enumerated() {
            if segment == ".." { _ = kept.popLast() }
            if segment == ".." || segment == "." {
                if place == segments.count - 1 { kept.append("") }
            } else {
                kept.append(segment)
            }
        }
        return "/" + kept.joined(separator: "/") + query
    }
}
