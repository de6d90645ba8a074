// SPDX-License-Identifier: Apache-2.0

import HTTPCore
import Testing

@Suite struct MultipartFormTests {
    @Test func writesFieldsAndFilesInOrder() throws {
        var form = MultipartForm(boundary: "b")
        form.append("model", "voxtral")
        form.append("file", filename: "a \"b\"\r\n.mp3", HTTPRequestStream([1, 2, 3]))
        let expected =
            "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nvoxtral\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a %22b%22%0D%0A.mp3\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n\u{1}\u{2}\u{3}\r\n--b--\r\n"
        #expect(String(decoding: try form.content.bytes(), as: UTF8.self) == expected)
        #expect(form.content.length == expected.utf8.count)
        #expect(form.contentType == "multipart/form-data; boundary=b")
    }

    @Test func isTheSameWhenItIsSentAgain() throws {
        var form = MultipartForm()
        form.append("a", "1")
        form.append("file", filename: "f", HTTPRequestStream([UInt8](repeating: 7, count: 1000)))
        #expect(try form.content.bytes() == form.content.bytes())
    }

    @Test func drawsBoundariesThatDiffer() {
        #expect(MultipartForm().boundary != MultipartForm().boundary)
        #expect((1...70).contains(MultipartForm().boundary.utf8.count))
    }
}
