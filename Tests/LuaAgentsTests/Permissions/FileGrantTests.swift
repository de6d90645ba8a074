// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONCore
import Testing

@testable import LuaAgents

/// A granted folder with what may lie in one, and a secret beside it.
struct Fixture {
    let outer: TemporaryFolder
    var root: String { outer.path + "/root" }
    var victim: String { outer.path + "/victim.txt" }

    init() throws {
        outer = try TemporaryFolder()
        try outer.write("secret", to: "victim.txt")
        try outer.write("hello", to: "root/sub/ok.txt")
        try outer.write("#!/bin/sh\necho evil", to: "root/sub/evil.sh")
        symlinkForTest("../victim.txt", at: root + "/link_out")
        symlinkForTest("/etc", at: root + "/linkdir")
        symlinkForTest("sub/ok.txt", at: root + "/link_in")
        symlinkForTest(root + "/sub", at: root + "/link_absolute")
        symlinkForTest("/proc/self/root", at: root + "/magic")
        #expect(mkfifo(root + "/ff", 0o600) == 0)
    }

    var everything: [String] {
        let found = FileManager.default.enumerator(atPath: outer.path)?.allObjects as? [String]
        return (found ?? []).sorted()
    }
}

@Suite struct FileGrantTests {
    static let openings: [PathOpening] = [.kernel, .walk]

    private func access(_ fixture: Fixture, _ opening: PathOpening) -> FileAccess {
        FileAccess(grants: Grants(read: .only([fixture.root]), write: .only([fixture.root])), opening: opening)
    }

    @Test(arguments: openings) func whatIsGrantedIsReadListedAndWritten(opening: PathOpening) throws {
        let fixture = try Fixture()
        let access = access(fixture, opening)
        #expect(try access.read(fixture.root + "/sub/ok.txt") == Array("hello".utf8))
        #expect(try access.read(fixture.root + "//./sub/./ok.txt") == Array("hello".utf8))
        #expect(try access.list(fixture.root + "/sub") == ["evil.sh", "ok.txt"])
        #expect(try access.exists(fixture.root) && !access.exists(fixture.root + "/sub/none"))
        try access.write(fixture.root + "/sub/new.txt", [1])
        try access.write(fixture.root + "/sub/ok.txt", [2])
        #expect(try access.read(fixture.root + "/sub/new.txt") == [1])
        #expect(try access.read(fixture.root + "/sub/ok.txt") == [2])
        try access.makeFolder(fixture.root + "/made", "test")
        try access.makeFolder(fixture.root + "/made", "test")
        #expect(try access.list(fixture.root + "/made") == [])
    }

    @Test func linksWithinTheRootAreFollowed() throws {
        let fixture = try Fixture()
        let access = access(fixture, .kernel)
        #expect(try access.read(fixture.root + "/link_in") == Array("hello".utf8))
        #expect(try access.read(fixture.root + "/link_absolute/ok.txt") == Array("hello".utf8))
        try access.write(fixture.root + "/link_in", [3])
        try access.write(fixture.root + "/link_absolute/b", [4])
        #expect(try access.read(fixture.root + "/sub/ok.txt") == [3])
        #expect(try access.read(fixture.root + "/sub/b") == [4])
        #expect(try access.read(fixture.root + "/sub/../sub/b") == [4])
    }

    @Test(arguments: openings) func whatLeadsOutsideIsDeniedWhetherItExistsOrNot(opening: PathOpening) throws {
        let fixture = try Fixture()
        let access = access(fixture, opening)
        let before = fixture.everything
        for path in [
            "/link_out", "/linkdir/passwd", "/linkdir/none", "/linkdir", "/../victim.txt", "/../none",
            "/sub/../../victim.txt",
            "/sub/../../none", "/..", "/magic/etc/passwd", "/magic", "/sub/../../root2", "/linkdir/../victim.txt",
        ] {
            let path = fixture.root + path
            for attempt in [
                { _ = try access.read(path) }, { _ = try access.list(path) }, { _ = try access.exists(path) },
                { _ = try access.pinned(path, "test") }, { _ = try access.readable.realPath(path, "test") },
            ] as [() throws -> Void] {
                #expect(throws: DeniedError.self, "\(path)") { try attempt() }
            }
        }
        for path in [
            "/linkdir/x", "/../x", "/sub/../../x", "/magic/tmp/x", "/link_out", "/..", "/linkdir/..",
        ] {
            #expect(throws: DeniedError.self, "\(path)") { try access.write(fixture.root + path, [1]) }
            #expect(throws: DeniedError.self, "\(path)") { try access.makeFolder(fixture.root + path + "/y", "test") }
        }
        #expect(fixture.everything == before)
        #expect(try String(contentsOfFile: fixture.victim, encoding: .utf8) == "secret")
    }

    @Test(arguments: ["", "a\0b", "ok.txt\0.png"]) func whatIsNoPathIsMisuse(path: String) throws {
        let access = FileAccess(grants: .all)
        #expect(throws: Misuse.self) { try access.read(path) }
        #expect(throws: Misuse.self) { try access.write(path, []) }
        #expect(throws: Misuse.self) { try access.exists(path) }
    }

    @Test(arguments: openings) func whatIsNoRegularFileIsRefusedWithoutWaiting(opening: PathOpening) throws {
        let fixture = try Fixture()
        let access = access(fixture, opening)
        for path in ["/ff", "/sub", ""] {
            #expect(throws: FileProblem.self) { try access.read(fixture.root + path) }
            #expect(throws: FileProblem.self) { try access.pinned(fixture.root + path, "test") }
            #expect(throws: FileProblem.self) { try access.write(fixture.root + path, [1]) }
        }
        #expect(try fixture.outer.write("still a pipe", to: "x") != "")
        var info = stat()
        #expect(stat(fixture.root + "/ff", &info) == 0 && info.st_mode & S_IFMT == S_IFIFO)
    }

    /// A pipe that is opened for reading wakes the writer that waits for one.
    @Test func lookingAtAPipeDoesNotOpenIt() throws {
        let fixture = try Fixture()
        #expect(throws: FileProblem.self) { try access(fixture, .kernel).read(fixture.root + "/ff") }
        #expect(open(fixture.root + "/ff", O_WRONLY | O_NONBLOCK) == -1 && errno == ENXIO)
    }

    @Test(arguments: [
        "/proc/self/environ", "/proc/self/mem", "/dev/null", "/dev/fd/0", "/proc/self/root/etc/hostname", "/sys",
    ])
    func everythingDoesNotMeanWhatTheKernelShows(path: String) throws {
        let grants = Grants(read: .everything, write: .everything)
        for access in [
            FileAccess(grants: grants), FileAccess(grants: Grants(read: .only(["/"]), write: .only(["/"]))),
        ] {
            let error = #expect(throws: DeniedError.self) { try access.read(path) }
            #expect(error?.flags == ["--allow-read=\(path)"])
            #expect(throws: DeniedError.self) { try access.list(path) }
            #expect(throws: DeniedError.self) { try access.write(path + "/x", []) }
            #expect(!access.readable.holds(path))
            #expect(try access.exists("/etc"))
        }
    }

    @Test func whatTheKernelShowsIsReadWhenItIsNamedOrAllIs() throws {
        let named = FileAccess(grants: Grants(read: .only(["/proc/self/status"])))
        #expect(try !named.read("/proc/self/status").isEmpty)
        #expect(throws: DeniedError.self) { try named.read("/proc/self/environ") }
        #expect(try !FileAccess(grants: .all).read("/proc/self/status").isEmpty)
    }

    @Test(arguments: openings) func aFileAloneIsGranted(opening: PathOpening) throws {
        let fixture = try Fixture()
        let file = fixture.root + "/sub/ok.txt"
        let access = FileAccess(grants: Grants(read: .only([file]), write: .only([file])), opening: opening)
        #expect(try access.read(file) == Array("hello".utf8))
        try access.write(file, [5])
        #expect(try access.read(file) == [5])
        for other in ["/sub/evil.sh", "/sub", "/sub/ok.txt.tmp", "/sub/ok.tx"] {
            #expect(throws: DeniedError.self) { try access.read(fixture.root + other) }
        }
    }

    @Test(arguments: openings) func aFileThatIsNotThereYetIsGranted(opening: PathOpening) throws {
        let fixture = try Fixture()
        let file = fixture.root + "/sub/new.txt"
        let access = FileAccess(grants: Grants(read: .only([file]), write: .only([file])), opening: opening)
        #expect(throws: FileProblem.self) { try access.read(file) }
        #expect(throws: DeniedError.self) { try access.write(fixture.root + "/sub/other.txt", [1]) }
        try access.write(file, [6])
        #expect(try access.read(file) == [6])
        // What takes its place later is not what was granted.
        try FileManager.default.removeItem(atPath: file)
        symlinkForTest("ok.txt", at: file)
        #expect(throws: DeniedError.self) { try access.read(file) }
        #expect(throws: DeniedError.self) { try access.write(file, [7]) }
    }

    /// A folder that is moved away is still the one that was granted; what comes in its place is not.
    @Test func aRootIsFoundOnce() throws {
        let fixture = try Fixture()
        let access = access(fixture, .kernel)
        try FileManager.default.moveItem(atPath: fixture.root, toPath: fixture.outer.path + "/moved")
        symlinkForTest("/etc", at: fixture.root)
        #expect(throws: FileProblem.self) { try access.read(fixture.root + "/passwd") }
        #expect(try access.read(fixture.root + "/sub/ok.txt") == Array("hello".utf8))
    }

    @Test func aLinkLeadsToAnotherRoot() throws {
        let fixture = try Fixture()
        let other = try TemporaryFolder()
        try other.write("other", to: "a")
        symlinkForTest(other.path, at: fixture.root + "/other")
        let access = FileAccess(grants: Grants(read: .only([fixture.root, other.path])))
        #expect(try access.read(fixture.root + "/other/a") == Array("other".utf8))
    }

    /// Between the check of a path and its use, a folder was exchanged for a link.
    @Test func aFolderThatBecomesALinkMeanwhileNeverLeadsOut() async throws {
        let fixture = try Fixture()
        let (access, root) = (access(fixture, .kernel), fixture.root)
        try fixture.outer.write("inside", to: "root/turn/victim.txt")
        symlinkForTest("..", at: root + "/way_out")
        let racing = Task.detached {
            while !Task.isCancelled { renameat2ForTest(root + "/turn", root + "/way_out") }
        }
        for _ in 0..<3000 {
            let bytes = try? access.read(root + "/turn/victim.txt")
            #expect(bytes == nil || bytes == Array("inside".utf8))
            try? access.write(root + "/turn/written.txt", [1])
        }
        racing.cancel()
        await racing.value
        #expect(!FileManager.default.fileExists(atPath: fixture.outer.path + "/written.txt"))
    }

    @Test func aPinnedFileStaysTheOneThatWasChecked() throws {
        let fixture = try Fixture()
        let path = fixture.root + "/sub/ok.txt"
        var pinned: PinnedFile? = try access(fixture, .kernel).pinned(path, "test")
        let link = try #require(pinned).path
        #expect(link.hasSuffix("/ok.txt"))
        try FileManager.default.removeItem(atPath: path)
        symlinkForTest(fixture.victim, at: path)
        #expect(try String(contentsOfFile: link, encoding: .utf8) == "hello")
        pinned = nil
        #expect(!FileManager.default.fileExists(atPath: (link as NSString).deletingLastPathComponent))
    }

    @Test func whatIsTooLongIsNotReadOrWritten() throws {
        let fixture = try Fixture()
        var access = access(fixture, .kernel)
        (access.maximumBytes, access.maximumWriteBytes) = (4, 4)
        #expect(throws: FileProblem.self) { try access.read(fixture.root + "/sub/ok.txt") }
        #expect(throws: FileProblem.self) { try access.write(fixture.root + "/sub/long", Array("hello".utf8)) }
        #expect(try !access.exists(fixture.root + "/sub/long"))
        try access.write(fixture.root + "/sub/short", Array("hell".utf8))
        #expect(try access.read(fixture.root + "/sub/short") == Array("hell".utf8))
    }

    @Test func relativeRootsBeginWhereTheProcessWas() throws {
        let access = FileAccess(grants: Grants(read: .only(["."])))
        let here = FileManager.default.currentDirectoryPath
        #expect(try access.exists(here) && access.exists("."))
        #expect(throws: DeniedError.self) { try access.exists("..") }
        #expect(throws: DeniedError.self) { try access.exists(here + "/..") }
    }
}

/// Exchanges two names, again and again in the races above.
private func renameat2ForTest(_ one: String, _ other: String) {
    let spare = one + ".spare"
    rename(one, spare)
    rename(other, one)
    rename(spare, other)
}
