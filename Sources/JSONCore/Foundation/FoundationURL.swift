// SPDX-License-Identifier: Apache-2.0

/// A `URL` of Foundation encodes as `{"relative": "…"}` with every encoder but Foundation's own, which write a string.
/// People expect the string. Known by name, because Foundation is not imported here, and only where the form says that
/// it may be one, so that other types cost nothing.
enum FoundationURL {
    /// What a `URL` decodes from, for a string that stands where a `URL` is wanted.
    static func object(of value: JSONValue, for type: Any.Type) -> JSONValue? {
        guard case .string = value, isURL(type) else { return nil }
        return ["relative": value]
    }

    /// The string of a `URL` that has just been encoded; `nil` for one with a base, which a string would lose.
    static func string(of place: JSONEncodingPlace, for type: Any.Type) -> String? {
        guard let (key, value) = place.onlyMember, key == "relative", isURL(type) else { return nil }
        return value.stringValue
    }

    private static func isURL(_ type: Any.Type) -> Bool {
        ["Foundation.URL", "FoundationEssentials.URL"].contains(String(reflecting: type))
    }
}
