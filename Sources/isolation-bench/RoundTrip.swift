// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What the kernel alone takes to carry a few bytes to another process and back: the limit of a call.
enum RoundTrip {
    private static let rounds = 20_000

    static func measure(bytes count: Int) {
        var pair: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0 else { return }
        _ = fcntl(pair[0], F_SETFD, FD_CLOEXEC)
        guard let child = start(pair[1]) else { return }
        close(pair[1])
        var buffer = [UInt8](repeating: 1, count: count)
        var samples = Samples()
        for _ in 0..<rounds {
            let start = ContinuousClock.now
            _ = write(pair[0], buffer, count)
            var received = 0
            while received < count {
                let more = read(pair[0], &buffer, count)
                if more <= 0 { break }
                received += more
            }
            samples.add(start.duration(to: .now))
        }
        samples.tell("socket pair, \(count) bytes there and back")
        close(pair[0])
        waitpid(child, nil, 0)
    }

    /// The other side: this program again.
    static func echo(on channel: Int32) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(channel, &buffer, buffer.count)
            if count <= 0 { return }
            _ = write(channel, buffer, count)
        }
    }

    private static func start(_ channel: Int32) -> pid_t? {
        var arguments: [UnsafeMutablePointer<CChar>?] =
            (["bench", "echo", String(channel)] as [String]).map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        var child = pid_t()
        return posix_spawn(&child, "/proc/self/exe", &files, nil, &arguments, environ) == 0 ? child : nil
    }
}
