// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1

/// What an ``ExchangeState`` knows of the request that is sent piece by piece, and of an answer that refuses it before all
/// is sent.
///
/// The client library does not tell the end of such an answer when it comes without bytes: it waits for the end of the
/// request, of which it sends no more.
struct UploadState: Sendable {
    /// Whether a status of 300 or more came before the request was sent.
    private(set) var isRefused = false
    /// Bytes that the refusal still has to come; `nil` when it does not say.
    private var rest: Int?
    /// Who waits to give the next piece.
    var waiter: ExchangeState.Waiter?

    var isRefusalComplete: Bool { isRefused && rest == 0 }

    mutating func refuse(_ head: HTTPResponseHead) {
        isRefused = true
        // The length is that of the compressed bytes.
        if head.headers.contains(name: "content-encoding") { return }
        rest = head.headers.first(name: "content-length").flatMap { Int($0) }
    }

    mutating func receive(_ count: Int) {
        if let rest { self.rest = max(0, rest - count) }
    }

    mutating func takeWaiter() -> ExchangeState.Waiter? {
        defer { waiter = nil }
        return waiter
    }
}
