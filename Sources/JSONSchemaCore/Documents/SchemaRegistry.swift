// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// All documents that a schema leads to, and the resources in them. Loads what the caller gave and what is built in, and
/// never anything else.
struct SchemaRegistry {
    let options: SchemaOptions
    private(set) var documents: [SchemaDocument] = []
    private(set) var resources: [SchemaResource] = []
    private var resourceByURI: [String: Int] = [:]
    private var readingByURI: [String: SchemaReading] = [:]
    private var hasLoadedAll = false
    /// Whether any document has references that depend on the way by which a schema was come to.
    private(set) var hasDynamicReferences = false

    init(options: SchemaOptions) { self.options = options }

    /// Adds the document that is compiled.
    mutating func addRoot(_ value: JSONValue) throws(SchemaError) -> Int {
        try add(value, uri: "", fallback: SchemaReading(options.defaultDialect, isLenient: true))
    }

    // MARK: Documents

    private mutating func add(
        _ value: JSONValue, uri: String, fallback: SchemaReading
    ) throws(SchemaError) -> Int {
        let document = SchemaDocument(value)
        let survey = SchemaSurvey(document.view)
        if survey.hasDynamicReferences { hasDynamicReferences = true }
        let reading = try self.reading(of: document, at: 0) ?? fallback
        documents.append(document)
        let retrieval = uri.isEmpty ? URIReference() : URIReference(uri)
        let root = addResource(documents.count - 1, at: 0, base: retrieval, reading)
        if resourceByURI[uri] == nil { resourceByURI[uri] = root }
        if survey.hasIdentifiers || reading.dialect == .draft4 { try scan(document, documents.count - 1, root) }
        return root
    }

    private mutating func addResource(
        _ document: Int, at position: Int, base: URIReference, _ reading: SchemaReading
    ) -> Int {
        let view = documents[document].view
        var uri = base
        if let identifier = view.identifier(of: position, reading), !identifier.hasPrefix("#") {
            uri = URIReference(identifier).resolved(against: base)
        }
        uri.fragment = nil
        resources.append(SchemaResource(document: document, position: position, uri: uri, reading: reading))
        let index = resources.count - 1
        let place = documents[document].roots.firstIndex { $0.position > position }
        documents[document].roots.insert((position, index), at: place ?? documents[document].roots.count)
        let text = uri.withoutFragment
        if resourceByURI[text] == nil { resourceByURI[text] = index }
        return index
    }

    /// Finds the resources and anchors of a document where schemas are, and only there: what looks like an `$id` in
    /// an `enum` is none.
    private mutating func scan(_ document: SchemaDocument, _ index: Int, _ root: Int) throws(SchemaError) {
        var pending = [(position: 0, resource: root)]
        while let (position, parent) = pending.popLast() {
            guard document.view[position].kind == .object else { continue }
            var resource = parent
            if position > 0, let nested = try nestedResource(document, index, at: position, in: parent) {
                resource = nested
            }
            addAnchors(document.view, at: position, to: resource)
            let reading = resources[resource].reading
            SchemaWalk.forEachSubschema(document.view, position, reading) { pending.append(($0, resource)) }
        }
    }

    private mutating func nestedResource(
        _ document: SchemaDocument, _ index: Int, at position: Int, in parent: Int
    ) throws(SchemaError) -> Int? {
        let reading = try self.reading(of: document, at: position) ?? resources[parent].reading
        guard let identifier = document.view.identifier(of: position, reading), !identifier.hasPrefix("#") else {
            return nil
        }
        return addResource(index, at: position, base: resources[parent].uri, reading)
    }

    private mutating func addAnchors(_ view: JSONTapeView, at position: Int, to resource: Int) {
        let reading = resources[resource].reading
        if reading.dialect <= .draft7 {
            // Up to draft 7 the fragment of an identifier is an anchor.
            if let text = view.identifier(of: position, reading), let mark = text.firstIndex(of: "#") {
                let name = String(text[text.index(after: mark)...])
                if !name.isEmpty && !name.hasPrefix("/") { resources[resource].anchors[name] = position }
            }
            return
        }
        if let name = view.member(of: position, "$anchor").flatMap(view.stringValue) {
            resources[resource].anchors[name] = position
        }
        if reading.knows(.dynamicAnchor),
            let name = view.member(of: position, "$dynamicAnchor").flatMap(view.stringValue)
        {
            resources[resource].anchors[name] = position
            resources[resource].dynamicAnchors[name] = position
        }
        if position == resources[resource].position, reading.knows(.recursiveAnchor),
            let flag = view.member(of: position, "$recursiveAnchor"), view[flag].kind == .true
        {
            resources[resource].isRecursiveAnchor = true
        }
    }

    // MARK: Readings

    /// How the schema at a position says that it is to be read; `nil` when it does not say.
    private mutating func reading(of document: SchemaDocument, at position: Int) throws(SchemaError) -> SchemaReading? {
        guard let value = document.view.member(of: position, "$schema") else { return nil }
        if let text = document.view.stringValue(value), let reading = try reading(text, depth: 0) { return reading }
        let found = ValueText.describe(JSONValue(document.view, at: value))
        throw SchemaError(
            keyword: "$schema", location: document.pointer(to: value),
            message: "must be draft 4, 6, 7, 2019-09 or 2020-12, or a metaschema that is given, but is \(found)")
    }

    /// The reading that the metaschema of a URI demands (2020-12 core §8.1.2).
    private mutating func reading(_ text: String, depth: Int) throws(SchemaError) -> SchemaReading? {
        if let dialect = SchemaDialect(identifier: text) { return SchemaReading(dialect) }
        let uri = URIReference(text).withoutFragment
        if let known = readingByURI[uri] { return known }
        guard depth < 8, let metaschema = given(uri) else { return nil }
        var reading = SchemaReading(options.defaultDialect)
        if let parent = metaschema["$schema"]?.stringValue, parent != text {
            guard let inherited = try self.reading(parent, depth: depth + 1) else { return nil }
            reading = SchemaReading(inherited.dialect)
        }
        if reading.dialect >= .draft2019, let vocabularies = metaschema["$vocabulary"]?.objectValue {
            reading = SchemaReading(
                reading.dialect, vocabularies: try Self.vocabularies(vocabularies, of: uri))
        }
        readingByURI[uri] = reading
        return reading
    }

    private static func vocabularies(_ object: JSONObject, of uri: String) throws(SchemaError) -> SchemaVocabularies {
        var vocabularies = SchemaVocabularies.core
        for (name, value) in object.members {
            let isRequired = value.boolValue == true
            if let known = SchemaVocabularies(uri: name, isRequired: isRequired) {
                vocabularies.formUnion(known)
            } else if isRequired {
                throw SchemaError(
                    keyword: "$schema", location: JSONPointer(tokens: ["$schema"]),
                    message: "the metaschema \(ValueText.quote(uri)) requires the vocabulary "
                        + "\(ValueText.quote(name)), which is not known")
            }
        }
        return vocabularies
    }

    private func given(_ uri: String) -> JSONValue? {
        options.documents[uri] ?? options.documents[uri + "#"] ?? Metaschemas.document(uri)
    }

    // MARK: References

    /// The place that `text` leads to from a resource.
    mutating func target(of text: String, from resource: Int) throws -> SchemaTarget {
        if text.hasPrefix("#") { return try target(ofFragment: text.dropFirst(), text, in: resource) }
        let uri = URIReference(text).resolved(against: resources[resource].uri)
        let found = try load(uri.withoutFragment, text, from: resource)
        return try target(ofFragment: (uri.fragment ?? "")[...], text, in: found)
    }

    private mutating func load(_ uri: String, _ text: String, from resource: Int) throws -> Int {
        if let known = resourceByURI[uri] { return known }
        let fallback = resources[resource].reading
        if let document = given(uri) {
            let root = try add(document, uri: uri, fallback: fallback)
            // The document's own $id may be another one.
            return resourceByURI[uri] ?? root
        }
        if !hasLoadedAll {
            // A given document may hold the resource further down.
            hasLoadedAll = true
            for (uri, document) in options.documents.sorted(by: { $0.key < $1.key }) where resourceByURI[uri] == nil {
                _ = try add(document, uri: uri, fallback: fallback)
            }
            if let known = resourceByURI[uri] { return known }
        }
        let shown = ValueText.quote(uri)
        throw SchemaReferenceError(
            message: text == uri
                ? "\(shown) is another document, which is not fetched; it may be given with the schema"
                : "\(ValueText.quote(text)) is \(shown), another document, which is not fetched; "
                    + "it may be given with the schema")
    }

    private func target(ofFragment text: Substring, _ reference: String, in resource: Int) throws -> SchemaTarget {
        let root = resources[resource]
        if text.isEmpty { return SchemaTarget(document: root.document, position: root.position, resource: resource) }
        guard let fragment = URIReference.decodePercents(text) else {
            throw SchemaReferenceError(message: "\(ValueText.quote(reference)) has a malformed percent escape")
        }
        guard fragment.hasPrefix("/") else {
            if let position = root.anchors[fragment] {
                return SchemaTarget(
                    document: root.document, position: position, resource: resource, anchor: fragment)
            }
            throw SchemaReferenceError(message: "there is no anchor \(ValueText.quote(fragment)) in this document")
        }
        let document = documents[root.document]
        guard let pointer = try? JSONPointer(parsing: fragment),
            let position = document.position(of: pointer, from: root.position)
        else {
            throw SchemaReferenceError(message: "\(ValueText.quote(reference)) leads to nothing in this document")
        }
        return SchemaTarget(
            document: root.document, position: position, resource: document.resource(at: position))
    }
}

extension JSONTapeView {
    /// The identifier of a schema by its dialect; `nil` without one.
    fileprivate func identifier(of position: Int, _ reading: SchemaReading) -> String? {
        if reading.referenceStandsAlone, let reference = member(of: position, "$ref"), self[reference].kind == .string {
            return nil
        }
        return member(of: position, reading.identifier.name).flatMap(stringValue)
    }
}
