// SPDX-License-Identifier: Apache-2.0

/// A pattern without back-references as programs that ``LinearSearch`` runs, the bodies of looks first.
struct LinearProgram: Sendable {
    let bodies: [Program]
    /// For each body the look it belongs to.
    let looks: [Look]
    let main: Program

    /// `nil` when the pattern, with all repetition written out, is too large.
    init?(_ pattern: Pattern) {
        guard pattern.references.isEmpty else { return nil }
        var compiler = ProgramCompiler(pattern, purpose: .linear)
        guard (try? compiler.compile()) != nil else { return nil }
        let steps = compiler.bodies.reduce(compiler.program.code.count) { $0 + $1.code.count }
        guard steps <= ProgramCompiler.maximumSteps else { return nil }
        bodies = compiler.bodies
        looks = compiler.bodyLooks
        main = compiler.program
    }
}
