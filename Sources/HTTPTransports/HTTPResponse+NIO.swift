// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOHTTP1

extension HTTPResponse {
    /// Header fields whose name is not a token are left out.
    init(_ head: HTTPResponseHead) {
        var fields = HTTPFields()
        fields.reserveCapacity(head.headers.count)
        for (name, value) in head.headers {
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        self.init(
            status: Status(code: Int(min(head.status.code, 999)), reasonPhrase: head.status.reasonPhrase),
            headerFields: fields)
    }
}
