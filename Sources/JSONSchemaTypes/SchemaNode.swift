// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// A type's form as probing found it, before it is known which types are written once and which in place.
indirect enum SchemaNode: Equatable {
    case any
    case literal(JSONObject)
    case type(ObjectIdentifier)
    case object([Property])
    /// An object with members of any name; `keys` is a schema of the names.
    case map(SchemaNode, keys: JSONObject?)
    case list(SchemaNode, isSet: Bool)
    case tuple([Element], rest: SchemaNode?)
    case nullable(SchemaNode)
    case alternatives([SchemaNode])
    case noted(SchemaNode, PropertyNote)

    struct Property: Equatable {
        let name: String
        var node: SchemaNode
        /// Whether decoding fails without the member.
        var isRequired: Bool
    }

    struct Element: Equatable {
        var node: SchemaNode
        var isRequired: Bool
    }

    var asNullable: SchemaNode {
        switch self {
        case .any, .nullable: self
        case .noted(let node, let note): .noted(node.asNullable, note)
        default: .nullable(self)
        }
    }

    /// The nodes directly below.
    var children: [SchemaNode] {
        switch self {
        case .any, .literal, .type: []
        case .object(let properties): properties.map(\.node)
        case .map(let node, _), .list(let node, _), .nullable(let node), .noted(let node, _): [node]
        case .tuple(let elements, let rest): elements.map(\.node) + (rest.map { [$0] } ?? [])
        case .alternatives(let nodes): nodes
        }
    }
}
