// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dispatch
import Glibc
import Synchronization

/// Runs `command`; Ctrl-C or SIGTERM cancels it, a second Ctrl-C ends the process at once.
///
/// - Returns: `.done`, or which signal ended it.
func interruptible(_ command: sending any ParsableCommand) async throws -> ExitStatus {
    let received = Mutex<ExitStatus?>(nil)
    let task = Task {
        var command = command
        if var command = command as? any AsyncParsableCommand {
            try await command.run()
        } else {
            try command.run()
        }
    }
    let sources = [(SIGINT, ExitStatus.interrupted), (SIGTERM, ExitStatus.terminated)].map { number, status in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            let again = received.withLock { received in
                defer { received = status }
                return received != nil
            }
            if again { _exit(status.rawValue) }
            task.cancel()
        }
        source.activate()
        return source
    }
    defer { sources.forEach { $0.cancel() } }
    do {
        try await task.value
        return .done
    } catch {
        if let status = received.withLock(\.self) { return status }
        throw error
    }
}
