// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A decoder that the pieces of a streamed reply are fed to, from the closure that receives them.
final class FormStream: Sendable {
    private struct State {
        var decoder: FormDecoder
        var text = ""
    }

    private let state: Mutex<State>

    init(_ decoder: FormDecoder) { state = Mutex(State(decoder: decoder)) }

    /// The text of the answer so far.
    var text: String { state.withLock(\.text) }

    func feed(_ piece: String) -> String {
        state.withLock { state in
            let text = state.decoder.feed(piece)
            state.text += text
            return text
        }
    }

    func finish() throws -> FormDecoder.Reply { try state.withLock { try $0.decoder.finish() } }
}
