// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// Gives ids of calls the form `[A-Za-z0-9]{9}`, always the same for the same id and never the same for two.
struct ToolCallIDMap {
    private var wireIDs: [String: String] = [:]
    private var taken: Set<String> = []

    /// Keeps ids of `messages` that have the form already from being given to others.
    init(reserving messages: [Message]) {
        for message in messages {
            for call in message.toolCalls where Self.isValid(call.id) { taken.insert(call.id) }
        }
    }

    static func isMissing(_ id: String) -> Bool { id.isEmpty || id == "null" }

    static func isValid(_ id: String) -> Bool {
        id.utf8.count == 9
            && id.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: false
                }
            }
    }

    subscript(id: String) -> String {
        mutating get {
            if Self.isValid(id) { return id }
            if let known = wireIDs[id] { return known }
            var salt = 0
            var made = Self.digest(id, salt: salt)
            while taken.contains(made) {
                salt += 1
                made = Self.digest(id, salt: salt)
            }
            taken.insert(made)
            wireIDs[id] = made
            return made
        }
    }

    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// Nine digits in base 62 of the 64-bit FNV-1a hash.
    private static func digest(_ id: String, salt: Int) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in Array(id.utf8) + Array("#\(salt)".utf8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = (0..<9).map { _ in
            defer { hash /= 62 }
            return alphabet[Int(hash % 62)]
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
