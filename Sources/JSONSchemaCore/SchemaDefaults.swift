// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// The way through a schema to its defaults. Empty for a schema that has none where `properties` and items lead.
struct SchemaDefaults: Sendable {
    struct Property: Sendable {
        let name: String
        /// Where to go on with a value that is there or was put in; -1 when nothing could be missing in it.
        var place: Int32
        /// What to put in when it is missing.
        let value: JSONValue?
    }

    struct Place: Sendable {
        var properties: [Property] = []
        var prefix: [Int32] = []
        var items: Int32 = -1
        /// Where a reference of the schema leads.
        var target: Int32 = -1
    }

    /// How deep defaults are put into defaults. Only a schema made for it comes near.
    private static let maximumInsertions = 100

    private let places: [Place]
    private let root: Int32

    init(places: [Place], root: Int32) {
        self.places = places
        self.root = root
    }

    static let none = SchemaDefaults(places: [], root: -1)

    func filled(_ value: JSONValue) -> JSONValue { filled(value, at: root, inserting: []) }

    /// - Parameter inserting: the properties whose defaults are being filled in further out. None is inserted within
    ///   itself, or a recursive schema would never end.
    private func filled(_ value: JSONValue, at start: Int32, inserting: [Insertion]) -> JSONValue {
        var (value, next) = (value, start)
        while next >= 0 {
            let place = places[Int(next)]
            switch value {
            case .object(var object):
                if !place.properties.isEmpty {
                    fill(&object, place, next, inserting)
                    value = .object(object)
                }
            case .array(let elements):
                if place.items >= 0 || !place.prefix.isEmpty { value = .array(filled(elements, place, inserting)) }
            default: return value
            }
            next = place.target
        }
        return value
    }

    /// A property by its schema, which may have several names.
    private struct Insertion: Equatable {
        let place: Int32
        let index: Int
    }

    private func fill(_ object: inout JSONObject, _ place: Place, _ number: Int32, _ inserting: [Insertion]) {
        for (index, property) in place.properties.enumerated() {
            if let present = object[property.name] {
                if property.place >= 0 {
                    object[property.name] = filled(present, at: property.place, inserting: inserting)
                }
            } else if let value = property.value, inserting.count < Self.maximumInsertions {
                let insertion = Insertion(place: number, index: index)
                if inserting.contains(insertion) { continue }
                object[property.name] = filled(value, at: property.place, inserting: inserting + [insertion])
            }
        }
    }

    private func filled(_ elements: [JSONValue], _ place: Place, _ inserting: [Insertion]) -> [JSONValue] {
        elements.enumerated().map { index, element in
            filled(element, at: index < place.prefix.count ? place.prefix[index] : place.items, inserting: inserting)
        }
    }
}
