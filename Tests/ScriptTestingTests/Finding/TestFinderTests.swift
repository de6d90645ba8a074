// SPDX-License-Identifier: Apache-2.0

import Foundation
import ScriptTesting
import Testing

@Suite struct TestFinderTests {
    @Test func foldersAreLookedThroughInOrder() throws {
        let folder = try TestFolder([
            "b_test.lua": "", "a_test.lua": "", "a.lua": "", "sub/c_test.lua": "", ".hidden/d_test.lua": "",
            "sub/deep/e_test.lua": "", "test.lua": "",
        ])
        let found = try TestFinder.files([folder.path])
        #expect(
            found.map { $0.dropFirst(folder.path.count + 1) } == [
                "a_test.lua", "b_test.lua", "sub/c_test.lua", "sub/deep/e_test.lua",
            ])
    }

    @Test func eachFileIsFoundOnceAndLinksAreNotFollowed() throws {
        let folder = try TestFolder(["sub/c_test.lua": ""])
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/sub/loop", withDestinationPath: folder.path)
        let found = try TestFinder.files([folder.path + "/sub/c_test.lua", folder.path, folder.path + "/sub/."])
        #expect(found == [folder.path + "/sub/c_test.lua"])
    }

    @Test func aFileMayHaveAnyName() throws {
        let folder = try TestFolder(["checks.lua": ""])
        #expect(try TestFinder.files([folder.path + "/checks.lua"]).count == 1)
    }

    @Test func aPathThatIsNotThereIsNamed() {
        let error = #expect(throws: TestFinder.Problem.self) { try TestFinder.files(["/no/such/folder"]) }
        #expect(error?.description == "/no/such/folder: No such file or directory")
    }
}

@Suite struct TestFilterTests {
    @Test func aTextIsAPartOfFileAndName() throws {
        let filter = try TestFilter("weather")
        #expect(filter.selects("asks", in: "weather_test.lua"))
        #expect(filter.selects("asks for weather", in: "a_test.lua"))
        #expect(filter.selects("asks", in: "a_test.lua") == false)
    }

    @Test func betweenSlashesIsAPattern() throws {
        let filter = try TestFilter("/^a.*: (one|two)$/")
        #expect(filter.selects("two", in: "a_test.lua"))
        #expect(filter.selects("three", in: "a_test.lua") == false)
        #expect(throws: (any Error).self) { try TestFilter("/(/") }
    }
}

@Suite struct FileStampsTests {
    @Test func newGoneAndChangedFilesAreFound() throws {
        let folder = try TestFolder(["a": "1", "b": "1", "sub/c": "1", ".x": "1"])
        let before = FileStamps(of: [folder.path])
        #expect(FileStamps(of: [folder.path]).changes(since: before).isEmpty)
        try folder.write("12", to: "a")
        try FileManager.default.removeItem(atPath: folder.path + "/sub/c")
        try folder.write("1", to: "d")
        try folder.write("12", to: ".x")
        let names = FileStamps(of: [folder.path]).changes(since: before).map { $0.dropFirst(folder.path.count + 1) }
        #expect(names == ["a", "d", "sub/c"])
    }

    @Test func filesElsewhereAreLookedAtWhenTheyAreNamed() throws {
        let folder = try TestFolder(["a": "1"])
        var before = FileStamps(of: [])
        before.include([folder.path + "/a"])
        try folder.write("12", to: "a")
        #expect(FileStamps(of: [], and: [folder.path + "/a"]).changes(since: before) == [folder.path + "/a"])
    }
}

@Suite struct TestDependenciesTests {
    private let folder = "/no/such/project"
    private func file(_ name: String) -> TestFile {
        let parts = (folder + "/" + name).split(separator: "/")
        return TestFile(path: folder + "/" + name, folder: "/" + parts.dropLast().joined(separator: "/"), source: [])
    }

    private func affected(_ change: String) -> [String] {
        var dependencies = TestDependencies()
        let files = [file("a_test.lua"), file("b_test.lua"), file("sub/c_test.lua")]
        dependencies.note(files[0], uses: [folder + "/a.lua", folder + "/tapes/a/one.jsonl"])
        dependencies.note(files[2], uses: [folder + "/a.lua"])
        return dependencies.affected(by: [folder + "/" + change], among: files).map(\.name)
    }

    @Test func aTestFileIsRunWhenItChanges() { #expect(affected("b_test.lua") == ["b_test.lua"]) }
    @Test func aTaskRunsTheTestsThatRanIt() { #expect(affected("a.lua") == ["a_test.lua", "c_test.lua"]) }
    @Test func aTapeRunsItsTest() { #expect(affected("tapes/a/one.jsonl") == ["a_test.lua"]) }
    @Test func whatNobodyIsKnownToUseRunsAllAbove() {
        #expect(affected("sub/data.csv") == ["a_test.lua", "b_test.lua", "c_test.lua"])
        #expect(affected("data.csv") == ["a_test.lua", "b_test.lua"])
    }
}
