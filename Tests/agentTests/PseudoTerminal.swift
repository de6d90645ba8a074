// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Subprocess
import Synchronization
import SystemPackage
import Testing

/// A person at a terminal, for commands that behave differently there: what the command shows is read from a pseudo
/// terminal, and what the person types is written to it.
final class PseudoTerminal: Sendable {
    /// What the person waits for, and what they type then.
    struct Turn: Sendable {
        let sees: String
        let types: String
        init(_ sees: String, _ types: String) { (self.sees, self.types) = (sees, types) }
    }

    /// How long nothing may come: a thousand other tests run beside this one.
    private static let patience = Duration.seconds(600)

    private let controller: Int32
    private let screen = Mutex<[UInt8]>([])

    init() throws {
        controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var locked: Int32 = 0
        // TIOCSPTLCK: what unlockpt does, which the headers hide from Swift.
        guard controller >= 0, ioctl(controller, 0x4004_5431, &locked) == 0 else { throw Errno(rawValue: errno) }
    }

    deinit { close(controller) }

    private func openDevice() throws -> FileDescriptor {
        var number: UInt32 = 0
        // TIOCGPTN: what ptsname does.
        guard ioctl(controller, 0x8004_5430, &number) == 0 else { throw Errno(rawValue: errno) }
        let device = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard device >= 0 else { throw Errno(rawValue: errno) }
        return FileDescriptor(rawValue: device)
    }

    /// Everything that was shown so far, as a terminal would get it but for its line ends.
    var text: String { String(decoding: screen.withLock(\.self), as: UTF8.self).replacing("\r\n", with: "\n") }

    /// Runs `command` as the leader of a session on this terminal.
    ///
    /// - Parameter typedAhead: what the person types before the command is there.
    func run(
        _ command: Command, _ arguments: [String], typedAhead: String = "", _ turns: [Turn]
    ) async throws -> Int32 {
        let device = try openDevice()
        try type(typedAhead)
        return try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask { try await self.talk(turns) }
            group.addTask {
                // setsid -c makes standard input its controlling terminal, and /dev/tty that.
                let result = try await Subprocess.run(
                    .path("/usr/bin/setsid"), arguments: .init(["-c", "-w", Command.path] + arguments),
                    environment: command.environment, workingDirectory: FilePath(command.folder.path),
                    input: .fileDescriptor(device, closeAfterSpawningProcess: false),
                    output: .fileDescriptor(device, closeAfterSpawningProcess: false),
                    error: .fileDescriptor(device, closeAfterSpawningProcess: false))
                // The reader comes to its end when the last one has closed the device.
                try device.close()
                return Command.code(result.terminationStatus)
            }
            var status: Int32 = -1
            for try await ended in group { if let ended { status = ended } }
            return status
        }
    }

    /// Reads until the device is closed by all, and types when a turn is due.
    private func talk(_ turns: [Turn]) async throws -> Int32? {
        var turns = turns[...]
        var seen = 0
        var deadline = ContinuousClock.now + Self.patience
        while true {
            try Task.checkCancellation()
            while let turn = turns.first, let place = find(turn.sees, from: seen) {
                seen = place
                turns.removeFirst()
                try type(turn.types)
            }
            guard let bytes = try await readSome(until: deadline) else { return nil }
            screen.withLock { $0 += bytes }
            deadline = .now + Self.patience
        }
    }

    private func find(_ text: String, from start: Int) -> Int? {
        let wanted = Array(text.utf8)
        return screen.withLock { screen in
            guard screen.count - start >= wanted.count else { return nil }
            return (start...screen.count - wanted.count).first { screen[$0..<$0 + wanted.count].elementsEqual(wanted) }
                .map { $0 + wanted.count }
        }
    }

    private func type(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard bytes.withUnsafeBytes({ write(controller, $0.baseAddress, $0.count) }) == bytes.count else {
            throw Errno(rawValue: errno)
        }
    }

    /// - Returns: `nil` when nobody has the device open any more.
    private func readSome(until deadline: ContinuousClock.Instant) async throws -> [UInt8]? {
        let controller = controller
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                var buffer = [UInt8](repeating: 0, count: 4096)
                while true {
                    var wanted = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
                    guard poll(&wanted, 1, 1000) != 0 else {
                        if ContinuousClock.now < deadline { continue }
                        return continuation.resume(throwing: Errno.timedOut)
                    }
                    let count = read(controller, &buffer, buffer.count)
                    if count > 0 { return continuation.resume(returning: Array(buffer[..<count])) }
                    if count < 0 && errno == EINTR { continue }
                    return continuation.resume(returning: nil)
                }
            }
        }
    }
}
