// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import JSONSchemaCore

@Suite struct SchemaKeywordTests {
    /// The list of names is in the order of the cases.
    @Test(arguments: SchemaKeyword.allCases)
    func isWrittenAsItsCaseIsNamed(keyword: SchemaKeyword) {
        let core: [SchemaKeyword] = [
            .schema, .id, .ref, .anchor, .dynamicRef, .dynamicAnchor, .recursiveRef, .recursiveAnchor, .vocabulary,
            .comment, .defs,
        ]
        let word = keyword == .legacyID ? "id" : "\(keyword)"
        #expect(keyword.name == (core.contains(keyword) ? "$" + word : word))
    }
}
