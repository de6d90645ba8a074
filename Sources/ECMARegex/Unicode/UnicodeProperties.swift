// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The properties that `\p{…}` may name: ECMA-262 §22.2.1, tables 67 to 70. Names are compared exactly.
enum UnicodeProperties {
    /// - Parameter name: what stands in the braces: `L`, `gc=Lu`, `Script=Greek`, `Alphabetic`.
    /// - Returns: `nil` when ECMA-262 does not know the name.
    static func set(for name: String) -> CodePointSet? {
        if let set = known.withLock({ $0[name] }) { return set }
        guard let set = unpack(name) else { return nil }
        known.withLock { $0[name] = set }
        return set
    }

    /// Sets that were asked for before; there are about 900 names.
    private static let known = Mutex<[String: CodePointSet]>([:])

    private static func unpack(_ name: String) -> CodePointSet? {
        let parts = name.utf8.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
        guard parts.count == 2 else { return parts.count == 1 ? category(parts[0]) ?? binary(parts[0]) : nil }
        switch String(parts[0]) {
        case "General_Category", "gc": return category(parts[1])
        case "Script", "sc": return script(parts[1], extended: false)
        case "Script_Extensions", "scx": return script(parts[1], extended: true)
        default: return nil
        }
    }

    private typealias Name = Substring.UTF8View

    /// Values of General_Category that are unions of others: PropertyValueAliases.txt.
    private static let unions: [(names: [String], members: [String])] = [
        (["LC", "Cased_Letter"], ["Lu", "Ll", "Lt"]),
        (["L", "Letter"], ["Lu", "Ll", "Lt", "Lm", "Lo"]),
        (["M", "Mark", "Combining_Mark"], ["Mn", "Mc", "Me"]),
        (["N", "Number"], ["Nd", "Nl", "No"]),
        (["P", "Punctuation", "punct"], ["Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"]),
        (["S", "Symbol"], ["Sm", "Sc", "Sk", "So"]),
        (["Z", "Separator"], ["Zs", "Zl", "Zp"]),
        (["C", "Other"], ["Cc", "Cf", "Cs", "Co", "Cn"]),
    ]

    private static func category(_ name: Name) -> CodePointSet? {
        guard let union = unions.first(where: { $0.names.contains { $0.utf8.elementsEqual(name) } }) else {
            return table(name, in: UnicodeTable.categories)
        }
        return union.members.reduce(into: CodePointSet()) { set, member in
            if let part = table(Substring(member).utf8, in: UnicodeTable.categories) { set.formUnion(part) }
        }
    }

    private static func binary(_ name: Name) -> CodePointSet? {
        switch String(name) {
        case "Any": .everything
        case "ASCII": CodePointSet(low: .max, high: .max)
        case "Assigned": category(Substring("Cn").utf8)?.complement
        default: table(name, in: UnicodeTable.binary) ?? table(name, in: UnicodeTable.moreBinary)
        }
    }

    private static func script(_ name: Name, extended: Bool) -> CodePointSet? {
        if extended, let set = table(name, in: UnicodeTable.scriptExtensions) { return set }
        return table(name, in: UnicodeTable.scripts)
    }

    private static func table(_ name: Name, in tables: [UnicodeTable]) -> CodePointSet? {
        tables.first { $0.isNamed(name) }?.set
    }
}
