// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPCore
import Synchronization
import Testing

extension HTTPRequestStream {
    /// All of the content.
    func bytes() throws -> [UInt8] {
        let read = try open()
        var bytes: [UInt8] = []
        while let piece = try read() {
            #expect(!piece.isEmpty)
            bytes += piece
        }
        return bytes
    }
}

@Suite struct HTTPRequestStreamTests {
    private func withFile<Value>(_ bytes: [UInt8], _ body: (String) throws -> Value) throws -> Value {
        let path = NSTemporaryDirectory() + "stream-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    @Test(arguments: [0, 1, 2, 3, 131_071, 131_072, 131_073, 400_001]) func readsFilesOfAnyLength(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try withFile(bytes) { path in
            let plain = try HTTPRequestStream.file(path)
            #expect(plain.length == count)
            #expect(try plain.bytes() == bytes)
            let encoded = try HTTPRequestStream.base64(ofFile: path)
            #expect(encoded.length == Data(bytes).base64EncodedString().utf8.count)
            #expect(String(decoding: try encoded.bytes(), as: UTF8.self) == Data(bytes).base64EncodedString())
        }
    }

    // A file that grows or shrinks while it is sent would reach the server cut, or break the framing.
    @Test(arguments: [[UInt8](), [1, 2, 3, 4, 5, 6]]) func refusesAFileThatChangedItsLength(now: [UInt8]) throws {
        try withFile([1, 2, 3]) { path in
            let stream = try HTTPRequestStream.file(path)
            try Data(now).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: HTTPTransportError.self) { try stream.bytes() }
            #expect(error?.code == .badSource)
        }
    }

    @Test func namesAFileThatIsNotThere() {
        for path in ["/no/such/file", "/tmp", "/dev/null"] {
            let error = #expect(throws: HTTPTransportError.self) { try HTTPRequestStream.file(path) }
            #expect(error?.code == .badSource)
            #expect(error?.message.hasPrefix(path) == true)
        }
    }

    // Time is kept by pieces: one of many megabytes would look like a server that takes nothing.
    @Test func givesManyBytesInPieces() throws {
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let read = try HTTPRequestStream(bytes).open()
        var all: [UInt8] = []
        while let piece = try read() {
            #expect(piece.count <= 128 << 10)
            all += piece
        }
        #expect(all == bytes)
    }

    @Test func joinsAndReports() throws {
        let seen = Mutex<[Int]>([])
        let parts = [[1, 2], [], [3]].map { HTTPRequestStream($0) }
        let stream = HTTPRequestStream.joined(parts).reporting { sent in seen.withLock { $0.append(sent) } }
        #expect(try stream.bytes() == [1, 2, 3])
        #expect(seen.withLock(\.self) == [2, 3])
        #expect(stream.length == 3)
    }
}
