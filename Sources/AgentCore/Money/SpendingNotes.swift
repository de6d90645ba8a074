// SPDX-License-Identifier: Apache-2.0

package import JSONCore
import Synchronization

/// What a call of a service took of a budget. A recording keeps it: when the call is answered from there, its money is gone all
/// the same.
package struct SpendingNote: Sendable, Equatable {
    /// The name by which ``PriceTable`` knows the model.
    let model: String
    /// `nil` when the provider did not say.
    let usage: Usage?
    let cost: Dollars

    package var journalValue: JSONValue {
        var fields: JSONObject = ["model": .string(model), "cost": .integer(cost.picodollars)]
        fields["usage"] = usage.map(\.journalValue)
        return .object(fields)
    }
}

extension SpendingNote {
    /// - Returns: `nil` for what ``journalValue`` did not make.
    package init?(journalValue value: JSONValue) {
        guard let model = value["model"]?.stringValue, let cost = value["cost"]?.integerValue else { return nil }
        self.init(
            model: model, usage: value["usage"].map { Usage(journalValue: $0) }, cost: Dollars(picodollars: cost))
    }
}

/// Collects what the services that a task calls take of a budget.
package final class SpendingNotes: Sendable {
    @TaskLocal package static var current: SpendingNotes?

    private let state = Mutex<[SpendingNote]>([])

    package init() {}

    package var all: [SpendingNote] { state.withLock(\.self) }

    func add(_ note: SpendingNote) { state.withLock { $0.append(note) } }
}

extension UsageLedger {
    /// Takes what was spent when an answer was recorded.
    package func note(_ spent: [SpendingNote]) {
        for note in spent {
            share { shared, _ in
                shared.totals.note(note.usage, model: note.model)
                shared.budget?.settle(.zero, cost: note.cost)
            }
        }
    }
}
