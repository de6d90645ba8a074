// SPDX-License-Identifier: Apache-2.0

/// A ``Program`` in plain memory, which a search reads without counting references.
///
/// `@unchecked Sendable`: the memory is written here and never after.
final class ProgramImage: @unchecked Sendable {
    /// What a search copies; valid while the image is.
    struct View {
        let code: UnsafeBufferPointer<Instruction>
        let sets: UnsafeBufferPointer<Program.Set>
        let ranges: UnsafeBufferPointer<CodePointRange>
        let runs: UnsafeBufferPointer<Program.Run>
        let looks: UnsafeBufferPointer<Look>
        /// For each reference where its groups begin in ``groups``, with one entry more for the end.
        let references: UnsafeBufferPointer<Int>
        let groups: UnsafeBufferPointer<Int>
        let foldsReference: UnsafeBufferPointer<Bool>
        let slotCount: Int
        let isAnchored: Bool
        let firstBytes: ByteSet?
    }

    let view: View

    init(_ program: Program) {
        var starts = [0]
        for groups in program.references { starts.append(starts[starts.count - 1] + groups.count) }
        view = View(
            code: Self.copy(program.code), sets: Self.copy(program.sets), ranges: Self.copy(program.ranges),
            runs: Self.copy(program.runs), looks: Self.copy(program.looks.map(\.look)),
            references: Self.copy(starts), groups: Self.copy(Array(program.references.joined())),
            foldsReference: Self.copy(program.foldsReference), slotCount: program.slotCount,
            isAnchored: program.isAnchored, firstBytes: program.firstBytes)
    }

    deinit {
        view.code.deallocate()
        view.sets.deallocate()
        view.ranges.deallocate()
        view.runs.deallocate()
        view.looks.deallocate()
        view.references.deallocate()
        view.groups.deallocate()
        view.foldsReference.deallocate()
    }

    private static func copy<Element>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
        let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
        _ = memory.initialize(from: elements)
        return UnsafeBufferPointer(memory)
    }
}
