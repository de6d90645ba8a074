// SPDX-License-Identifier: Apache-2.0

/// Something was asked that a test has no fake for. ``AskedFakes`` makes and notes it, so that no script and no tool can hide it.
struct MissingFake: Error, CustomStringConvertible {
    let description: String

    /// - Parameters:
    ///   - what: what was asked, in a few words.
    ///   - known: what there are fakes for.
    init(_ what: String, known: [String]) {
        let rest = known.isEmpty ? "there are none" : "there are fakes for " + known.joined(separator: ", ")
        description = "\(what): no fake answers there; \(rest)"
    }
}
