// SPDX-License-Identifier: Apache-2.0

/// A pattern without back-references as programs that ``LinearSearch`` runs, the bodies of looks first.
final class LinearProgram: Sendable {
    let bodies: [Program]
    /// For each body the look it belongs to.
    let looks: [Look]
    let main: Program
    /// `false` when the pattern, with all repetition written out, is too large; then there is nothing to run.
    let isComplete: Bool

    init(_ pattern: Pattern) {
        var compiler = ProgramCompiler(pattern, purpose: .linear)
        let isCompiled = pattern.references.isEmpty && (try? compiler.compile()) != nil
        let steps = compiler.bodies.reduce(compiler.program.code.count) { $0 + $1.code.count }
        isComplete = isCompiled && steps <= ProgramCompiler.maximumSteps
        bodies = isComplete ? compiler.bodies : []
        looks = isComplete ? compiler.bodyLooks : []
        main = isComplete ? compiler.program : Program()
    }
}
