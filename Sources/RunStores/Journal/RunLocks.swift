// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One byte of a file for each run: who has locked it has the run in hand. The system takes locks back from processes that end.
final class RunLocks {
    // <fcntl.h>: Glibc's module does not show them.
    private static let setLock: Int32 = 37
    private static let getLock: Int32 = 36

    private let file: Int32
    private var held: Set<Int64> = []

    /// - Returns: `nil` when the file cannot be made, and nobody can be told.
    init?(beside journal: String) {
        // One file, by whatever name the journal goes.
        guard let real = realpath(journal, nil) else { return nil }
        defer { free(real) }
        let path = String(cString: real) + "-runs"
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if file < 0 { return nil }
    }

    deinit {
        // A program that is being started has the open file as well until it begins: closing alone would leave the locks with it.
        var lock = flock()
        (lock.l_type, lock.l_whence) = (Int16(F_UNLCK), Int16(SEEK_SET))
        _ = fcntl(file, Self.setLock, &lock)
        close(file)
    }

    /// - Returns: whether no other process has it.
    func hold(_ run: Int64) -> Bool {
        if held.contains(run) { return true }
        var lock = Self.lock(run)
        guard fcntl(file, Self.setLock, &lock) == 0 else { return false }
        held.insert(run)
        return true
    }

    func isHeld(_ run: Int64) -> Bool {
        if held.contains(run) { return true }
        var lock = Self.lock(run)
        return fcntl(file, Self.getLock, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
    }

    private static func lock(_ run: Int64) -> flock {
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = off_t(run)
        lock.l_len = 1
        return lock
    }
}
