// SPDX-License-Identifier: Apache-2.0

/// A value of the JSON Schema keyword `format` that says how a string is written.
///
/// These are all formats of drafts 4 to 2020-12 except `regex`. The rules are those of 2020-12 in every draft: the
/// official test suite asks for nothing that differs between drafts.
///
/// A check reads its input once, from left to right. It allocates nothing, except for host names with labels outside
/// ASCII or in Punycode.
public enum StringFormat: String, Sendable, Hashable, CaseIterable {
    case dateTime = "date-time"
    case date
    case time
    case duration
    case email
    case idnEmail = "idn-email"
    case hostname
    case idnHostname = "idn-hostname"
    case ipv4
    case ipv6
    case uri
    case uriReference = "uri-reference"
    case iri
    case iriReference = "iri-reference"
    case uriTemplate = "uri-template"
    case uuid
    case jsonPointer = "json-pointer"
    case relativeJSONPointer = "relative-json-pointer"

    /// The format that a schema calls `name`; `nil` when there is none, and JSON Schema then accepts any string.
    public init?(name: String) {
        self.init(rawValue: name)
    }

    /// The name that a schema uses, such as `date-time`.
    public var name: String { rawValue }

    /// Whether a string, given as its UTF-8 bytes, is written as this format says. Bytes that are not UTF-8 may be
    /// refused or accepted; they never trap.
    ///
    /// - Parameter bytes: must stay valid until this returns.
    public func accepts(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        unsafe accepts(Span(_unsafeElements: bytes))
    }

    /// Whether `string` is written as this format says.
    public func accepts(_ string: String) -> Bool {
        var string = string
        return string.withUTF8 { unsafe accepts($0) }
    }

    /// Whether a string, given as its UTF-8 bytes, is written as this format says.
    public func accepts(_ bytes: Span<UInt8>) -> Bool {
        switch self {
        case .dateTime: DateTime.isDateTime(bytes)
        case .date: DateTime.isDate(bytes)
        case .time: DateTime.isTime(bytes)
        case .duration: DateTime.isDuration(bytes)
        case .email: EmailAddress.isMailbox(bytes, isInternational: false)
        case .idnEmail: EmailAddress.isMailbox(bytes, isInternational: true)
        case .hostname: Hostname.isHostname(bytes)
        case .idnHostname: Hostname.isInternational(bytes)
        case .ipv4: IPAddress.isIPv4(bytes)
        case .ipv6: IPAddress.isIPv6(bytes)
        case .uri: ResourceIdentifier.uri.accepts(bytes, isReference: false)
        case .uriReference: ResourceIdentifier.uri.accepts(bytes, isReference: true)
        case .iri: ResourceIdentifier.iri.accepts(bytes, isReference: false)
        case .iriReference: ResourceIdentifier.iri.accepts(bytes, isReference: true)
        case .uriTemplate: URITemplate.accepts(bytes)
        case .uuid: UUIDText.accepts(bytes)
        case .jsonPointer: JSONPointerText.isPointer(bytes, from: 0)
        case .relativeJSONPointer: JSONPointerText.isRelativePointer(bytes)
        }
    }

    /// What is expected, to go after "expected" in a sentence: "a date as in 2026-11-24 (RFC 3339)".
    public var expectation: String {
        switch self {
        case .dateTime: "a date and time with offset as in 2026-11-24T09:30:00Z (RFC 3339)"
        case .date: "a date as in 2026-11-24 (RFC 3339)"
        case .time: "a time with offset as in 09:30:00Z or 09:30:00+01:00 (RFC 3339)"
        case .duration: "a duration as in P3DT12H30M5S or P2W (RFC 3339, appendix A)"
        case .email: "an e-mail address as in name@example.com (RFC 5321)"
        case .idnEmail: "an e-mail address as in name@example.com, of any script (RFC 6531)"
        case .hostname: "a host name as in www.example.com (RFC 1123)"
        case .idnHostname: "a host name as in www.example.com, of any script (RFC 5890)"
        case .ipv4: "an IPv4 address as in 192.0.2.1 (RFC 2673)"
        case .ipv6: "an IPv6 address as in 2001:db8::1 (RFC 4291)"
        case .uri: "a URI with a scheme as in https://example.com/path (RFC 3986)"
        case .uriReference: "a URI, or a relative one as in ../path?query#part (RFC 3986)"
        case .iri: "an IRI with a scheme as in https://example.com/path, of any script (RFC 3987)"
        case .iriReference: "an IRI, or a relative one as in ../path?query#part, of any script (RFC 3987)"
        case .uriTemplate: "a URI template as in https://example.com/users/{id} (RFC 6570)"
        case .uuid: "a UUID as in 123e4567-e89b-12d3-a456-426614174000 (RFC 4122)"
        case .jsonPointer: "a JSON pointer as in /items/0/name (RFC 6901)"
        case .relativeJSONPointer: "a relative JSON pointer as in 1/name or 0#"
        }
    }

    /// All formats, in the order of their declaration.
    public static let all: [StringFormat] = allCases
}
