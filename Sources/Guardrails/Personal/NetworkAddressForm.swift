// SPDX-License-Identifier: Apache-2.0

/// Addresses of IPv4, IPv6 (RFC 4291 §2.2) and of network cards.
enum NetworkAddressForm {
    static func find(in text: TextView, at index: Int) -> TextFind<PersonalDataKind>? {
        if text[index] == UInt8(ascii: ":") {
            guard text[index + 1] == UInt8(ascii: ":"), text[index - 1] != UInt8(ascii: ":"), !text.isWordBefore(index)
            else { return nil }
            return IPv6Form.end(in: text, at: index).map { TextFind(.ipAddress, index..<$0) }
        }
        guard text[index].isHexadecimal else { return nil }
        let group = text.end(from: index, limit: 5) { $0.isHexadecimal }
        switch text[group] {
        case UInt8(ascii: ":"):
            if let end = cardEnd(in: text, at: index, size: 2) { return TextFind(.macAddress, index..<end) }
            return IPv6Form.end(in: text, at: index).map { TextFind(.ipAddress, index..<$0) }
        case UInt8(ascii: "-"): return cardEnd(in: text, at: index, size: 2).map { TextFind(.macAddress, index..<$0) }
        case UInt8(ascii: "."):
            if let end = cardEnd(in: text, at: index, size: 4) { return TextFind(.macAddress, index..<end) }
            return ipv4End(in: text, at: index).map { TextFind(.ipAddress, index..<$0) }
        default: return nil
        }
    }

    /// Twelve hexadecimal digits in groups of `size`, one separator for all; neither all zeros nor all `f`, nor a longer chain
    /// such as a fingerprint.
    private static func cardEnd(in text: TextView, at index: Int, size: Int) -> Int? {
        let separator = text[index + size]
        guard size == 4 || separator != UInt8(ascii: "."), text[index - 1] != separator else { return nil }
        var place = index
        var isPlain = true
        for group in 0..<12 / size {
            if group > 0 {
                guard text[place] == separator else { return nil }
                place += 1
            }
            for offset in 0..<size {
                let byte = text[place + offset]
                guard byte.isHexadecimal else { return nil }
                if byte.lowercased != text[index].lowercased || byte.isDigit && byte != UInt8(ascii: "0") {
                    isPlain = false
                }
            }
            place += size
        }
        let goesOn = text[place] == separator && text[place + 1].isHexadecimal
        return isPlain || goesOn || text.isWord(place) ? nil : place
    }

    /// Words before a number of four parts that is a version, or a section of a text.
    private static let versionWords = [
        "version", "versión", "versione", "versão", "ver", "v", "release", "build", "section", "chapter", "clause",
        "kapitel",
        "abschnitt", "paragraph", "firmware", "upgrade", "update", "sdk", "driver",
    ].allBytes

    private static func ipv4End(in text: TextView, at index: Int) -> Int? {
        guard !"-.=~^<>/@".utf8.contains(text[index - 1]) || isHost(text, index) else { return nil }
        var place = index
        var octets: [Int] = []
        while octets.count < 4 {
            if !octets.isEmpty {
                guard text[place] == UInt8(ascii: ".") else { return nil }
                place += 1
            }
            let end = text.end(from: place, limit: 4) { $0.isDigit }
            let octet = text.bytes[place..<end].reduce(0) { $0 * 10 + Int($1 - 0x30) }
            // A leading zero is no decimal number (RFC 6943 §3.1.1).
            guard (1...3).contains(end - place), octet < 256, end - place == 1 || text[place] != 0x30 else {
                return nil
            }
            octets.append(octet)
            place = end
        }
        guard !text.isWord(place), !("-.".utf8.contains(text[place]) && text[place + 1].isAlphanumeric),
            isPersonal(octets),
            !isLikeVersion(octets) || text.names(addressWords, before: index, within: 24),
            !text.names(versionWords, before: index, within: 12)
        else { return nil }
        return place
    }

    /// After `@`, `/` and `=` a host may stand; after `==` a version.
    private static func isHost(_ text: TextView, _ index: Int) -> Bool {
        switch text[index - 1] {
        case UInt8(ascii: "="): !"=<>~!".utf8.contains(text[index - 2])
        case UInt8(ascii: "/"): text[index - 2] == UInt8(ascii: "/")
        case UInt8(ascii: "@"): true
        case UInt8(ascii: "<"), UInt8(ascii: ">"): !text[index - 2].isAlphanumeric
        default: false
        }
    }

    /// Not those of every machine: unspecified, loopback, multicast, netmasks and broadcast (RFC 6890).
    private static func isPersonal(_ octets: [Int]) -> Bool {
        octets[0] != 0 && octets[0] != 127 && octets[0] < 224
    }

    /// Four small numbers: one address of 400 looks like that, and most versions of four parts.
    private static func isLikeVersion(_ octets: [Int]) -> Bool { octets[0] < 10 && octets.allSatisfy { $0 < 100 } }

    private static let addressWords = [
        "ip", "ipv4", "address", "addr", "adresse", "host", "server", "client", "dns", "ping", "from", "peer", "remote",
        "von", "gateway",
    ].allBytes
}
