// SPDX-License-Identifier: Apache-2.0

/// Takes secrets out of conversations, of which most begin as the one before: what is known is not looked at again.
struct RedactedConversation {
    private var messages: [Message] = []
    private var safe: [Message] = []
    /// Whether `safe` is `messages`: then a longer conversation is handed on as it is.
    private var isUnchanged = true

    mutating func redacted(_ next: [Message], by secrets: SecretRedactor) -> [Message] {
        guard !next.isEmpty else { return [] }
        let known = messages.commonPrefixCount(with: next)
        let more = next[known...].map { $0.redacted(by: secrets) }
        isUnchanged = (isUnchanged || known == 0) && more.elementsEqual(next[known...])
        safe = isUnchanged ? next : safe[..<known] + more
        messages = next
        return safe
    }
}

extension [Message] {
    /// How many messages both begin with.
    package func commonPrefixCount(with other: [Message]) -> Int {
        withUnsafeBufferPointer { left in
            other.withUnsafeBufferPointer { right in
                let most = Swift.min(left.count, right.count)
                var same = 0
                while same < most, left[same] == right[same] { same += 1 }
                return same
            }
        }
    }
}
