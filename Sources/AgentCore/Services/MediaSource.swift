// SPDX-License-Identifier: Apache-2.0

/// Where a document, an image or a recording comes from.
public enum MediaSource: Sendable, Equatable {
    /// `https:`, `http:` or `data:`.
    case url(String)
    /// A file on this machine. It is sent from disk, piece by piece.
    case file(path: String)
    /// A file that was uploaded before.
    case uploaded(id: String)

    /// What `text` means where a URL or a path may stand: a URL when it has one of the schemes above, else a path.
    public init(_ text: String) {
        let isURL = ["https://", "http://", "data:"].contains { text.lowercased().hasPrefix($0) }
        self = isURL ? .url(text) : .file(path: text)
    }
}
