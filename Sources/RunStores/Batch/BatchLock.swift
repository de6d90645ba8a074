// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Holds a file against a second process while this value lives; whatever ends the process lets go of it.
final class BatchLock: Sendable {
    /// `F_OFD_SETLK` (fcntl(2)): the lock is of the open file, so that a library that opens and closes it elsewhere does not drop it.
    private static let setLock: Int32 = 37

    private let file: Int32

    /// - Throws: ``BatchStoreError/Code/busy`` when another holds it.
    init(_ path: String) throws(BatchStoreError) {
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw BatchStoreError(.storage, "\(path): \(String(cString: strerror(errno)))") }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        guard fcntl(file, Self.setLock, &lock) == 0 else {
            let problem = errno
            close(file)
            if problem == EAGAIN || problem == EACCES {
                throw BatchStoreError(.busy, "another agent batch is at work on it (\(path))")
            }
            throw BatchStoreError(.storage, "\(path): \(String(cString: strerror(problem)))")
        }
    }

    deinit {
        // A program that is being started has the open file as well until it begins: closing alone would leave the lock with it.
        var lock = flock()
        (lock.l_type, lock.l_whence) = (Int16(F_UNLCK), Int16(SEEK_SET))
        _ = fcntl(file, Self.setLock, &lock)
        close(file)
    }
}
