// SPDX-License-Identifier: Apache-2.0

import Glibc

extension HTTPRequestStream {
    /// The content of a regular file.
    ///
    /// The file is opened for each reading and closed behind it.
    ///
    /// - Throws: ``HTTPTransportError/Code/badSource`` when there is no such file, or it cannot be read.
    public static func file(_ path: String) throws(HTTPTransportError) -> HTTPRequestStream {
        let length = try OpenFile(path).length
        return HTTPRequestStream(length: length) {
            let file = try OpenFile(path)
            return { try file.read(upTo: pieceBytes) }
        }
    }

    /// The content of a file in base64 (RFC 4648 §4), as it stands in a `data:` address.
    ///
    /// - Throws: ``HTTPTransportError/Code/badSource``.
    public static func base64(ofFile path: String) throws(HTTPTransportError) -> HTTPRequestStream {
        let length = try OpenFile(path).length
        return HTTPRequestStream(length: (length + 2) / 3 * 4) {
            let file = try OpenFile(path)
            // A multiple of three, so that padding comes at the end only.
            return { try file.readFully(upTo: pieceBytes / 3 * 3).map(Base64.encode) }
        }
    }
}

/// A regular file that is open for reading, closed with the last reference.
private final class OpenFile {
    let length: Int
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws(HTTPTransportError) {
        self.path = path
        // A pipe without a writer must not stop us.
        descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.problem(path, errno) }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else {
            let number = errno
            close(descriptor)
            throw Self.problem(path, number)
        }
        guard info.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw HTTPTransportError(.badSource, "\(path): not a regular file")
        }
        length = Int(info.st_size)
    }

    deinit { close(descriptor) }

    func read(upTo count: Int) throws(HTTPTransportError) -> [UInt8]? {
        while true {
            var result = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                result = Glibc.read(descriptor, buffer.baseAddress, count)
                filled = max(0, result)
            }
            if result > 0 { return bytes }
            if result == 0 { return nil }
            if errno != EINTR { throw Self.problem(path, errno) }
        }
    }

    /// `count` bytes, and fewer only at the end.
    func readFully(upTo count: Int) throws(HTTPTransportError) -> [UInt8]? {
        guard var bytes = try read(upTo: count) else { return nil }
        while bytes.count < count, let more = try read(upTo: count - bytes.count) { bytes += more }
        return bytes
    }

    private static func problem(_ path: String, _ number: Int32) -> HTTPTransportError {
        HTTPTransportError(.badSource, "\(path): \(String(cString: strerror(number)))")
    }
}
