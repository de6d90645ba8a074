// SPDX-License-Identifier: Apache-2.0

/// Why what is kept of a batch cannot be used.
package struct BatchStoreError: Error, CustomStringConvertible {
    package enum Code: Sendable {
        /// Another process works on the batch.
        case busy
        /// It was begun with something else.
        case changed
        /// The file is not what is kept of a batch.
        case format
        /// The system refused to read or write.
        case storage
    }

    package let code: Code
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
