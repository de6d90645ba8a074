// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// The metaschemas that need not be given: those of the drafts and of their vocabularies.
enum Metaschemas {
    /// The document of a URI without its fragment; `nil` for any other URI.
    static func document(_ uri: String) -> JSONValue? {
        guard let text = text(uri) else { return nil }
        return try? JSONValue(parsing: text)
    }

    private static func text(_ uri: String) -> String? {
        if let text = draft2020[uri] ?? draft2019[uri] { return text }
        // The older drafts are referred to by both schemes.
        let plain = uri.hasPrefix("https:") ? "http:" + uri.dropFirst(6) : uri
        return draft7[plain] ?? draft6[plain] ?? draft4[plain]
    }
}
