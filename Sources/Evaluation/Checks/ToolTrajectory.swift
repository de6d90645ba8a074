// SPDX-License-Identifier: Apache-2.0

package import AgentCore
public import JSONCore

/// The calls of tools that an agent is to make on its way: the path, not the prose.
public struct ToolTrajectory: Sendable, Equatable {
    public enum Order: String, Sendable, CaseIterable {
        /// These calls in this order, and no others.
        case exact
        /// These calls in this order; others may stand between them.
        case inOrder = "in_order"
        /// These calls in any order; others may stand between them.
        case any
    }

    public struct Call: Sendable, Equatable {
        public var name: String
        /// What the arguments must have at least; `nil` for anything.
        public var arguments: JSONValue?

        public init(_ name: String, arguments: JSONValue? = nil) {
            self.name = name
            self.arguments = arguments
        }

        func fits(_ call: ToolCall) -> Bool {
            guard call.name == name else { return false }
            guard let arguments else { return true }
            return (try? JSONValue(parsing: call.arguments)).map { $0.has(arguments) } ?? false
        }

        var description: String { arguments.flatMap { try? "\(name)\($0.serialized())" } ?? name }
    }

    public var calls: [Call]
    public var order: Order
    /// Tools that must not be called.
    public var forbidden: [String]

    public init(_ calls: [Call], order: Order = .inOrder, forbidden: [String] = []) {
        self.calls = calls
        self.order = order
        self.forbidden = forbidden
    }

    /// What is wrong with the calls that were made; `nil` when nothing is.
    package func fault(in made: [ToolCall]) -> String? {
        if let name = made.map(\.name).first(where: forbidden.contains) { return "\(name) was called" }
        switch order {
        case .exact: return exactFault(in: made)
        case .inOrder:
            var rest = made[...]
            for call in calls {
                guard let place = rest.firstIndex(where: call.fits) else { return missing(call, made) }
                rest = rest[(place + 1)...]
            }
            return nil
        case .any: return anyFault(in: made)
        }
    }

    private func exactFault(in made: [ToolCall]) -> String? {
        for (call, actual) in zip(calls, made) where !call.fits(actual) {
            return "expected \(call.description) where \(actual.name) was called"
        }
        if calls.count > made.count { return missing(calls[made.count], made) }
        return made.count > calls.count ? "\(made[calls.count].name) was called as well" : nil
    }

    /// Finds a call of its own for each that is expected, moving earlier choices where need be (augmenting paths).
    private func anyFault(in made: [ToolCall]) -> String? {
        var owner = [Int?](repeating: nil, count: made.count)
        func place(_ wanted: Int, _ tried: inout Set<Int>) -> Bool {
            for index in made.indices where calls[wanted].fits(made[index]) && tried.insert(index).inserted {
                if owner[index].map({ place($0, &tried) }) ?? true {
                    owner[index] = wanted
                    return true
                }
            }
            return false
        }
        for wanted in calls.indices {
            var tried: Set<Int> = []
            if !place(wanted, &tried) { return missing(calls[wanted], made) }
        }
        return nil
    }

    private func missing(_ call: Call, _ made: [ToolCall]) -> String {
        let names = made.map(\.name).joined(separator: ", ")
        return "no call of \(call.description)" + (order == .any ? "" : " at its place")
            + "; called: \(names.isEmpty ? "nothing" : names)"
    }
}

extension JSONValue {
    /// Whether this value has all that `other` has: members of objects at least, everything else exactly.
    package func has(_ other: JSONValue) -> Bool {
        switch (self, other) {
        case (.object(let mine), .object(let wanted)):
            wanted.allSatisfy { member in mine[member.key].map { $0.has(member.value) } ?? false }
        case (.array(let mine), .array(let wanted)):
            mine.count == wanted.count && zip(mine, wanted).allSatisfy { $0.has($1) }
        default: self == other
        }
    }
}
