// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// A schema with a URI of its own: the root of a document or a schema within that has `$id` (2020-12 core §4.3.5).
struct SchemaResource: Sendable {
    let document: Int
    let position: Int
    /// The base that references are resolved against.
    let uri: URIReference
    let reading: SchemaReading
    /// Positions by name. Those of `$dynamicAnchor` are in both.
    var anchors: [String: Int] = [:]
    var dynamicAnchors: [String: Int] = [:]
    var isRecursiveAnchor = false
}

/// Why a reference leads nowhere; the keyword and place are the caller's to add.
struct SchemaReferenceError: Error {
    let message: String
}

/// Where a reference leads.
struct SchemaTarget {
    let document: Int
    let position: Int
    let resource: Int
    /// The anchor by which it was found, if it was.
    var anchor: String?
}
