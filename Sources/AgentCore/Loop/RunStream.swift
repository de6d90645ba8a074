// SPDX-License-Identifier: Apache-2.0

extension Agent {
    /// Runs a conversation as a sequence of events.
    public func stream(_ prompt: String) -> RunStream { stream([.user(prompt)]) }

    /// Runs a conversation as a sequence of events. The run starts at once; it is cancelled when nobody holds the
    /// sequence any more, or the task that reads it is cancelled.
    public func stream(_ messages: [Message]) -> RunStream { RunStream(self, messages) }
}

/// The events of a run; the last one is ``RunEvent/done(_:)`` or ``RunEvent/failed(_:)``. It never throws.
public struct RunStream: AsyncSequence, Sendable {
    public typealias Element = RunEvent
    private let events: AsyncStream<RunEvent>

    init(_ agent: Agent, _ messages: [Message]) {
        events = AsyncStream { continuation in
            // Owned by the stream: it ends with the run, or the run with it.
            let task = Task {
                // What went wrong is the last event.
                _ = try? await agent.run(messages) { _ = continuation.yield($0) }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    public func makeAsyncIterator() -> AsyncStream<RunEvent>.Iterator { events.makeAsyncIterator() }
}
