// SPDX-License-Identifier: Apache-2.0

extension JSONTapeView {
    /// The position of the value at `pointer`, seen from the value at `start`; `nil` when there is none.
    package func position(of pointer: JSONPointer, from start: Int = 0) -> Int? {
        var position = start
        for token in pointer.tokens {
            guard let next = unsafe child(token, of: position) else { return nil }
            position = next
        }
        return position
    }

    private func child(_ token: String, of position: Int) -> Int? {
        let slot = unsafe self[position]
        var next = position + 1
        switch slot.kind {
        case .array:
            guard let index = JSONPointer.index(token), index < slot.length else { return nil }
            for _ in 0..<index { next += unsafe self[next].extent }
            return next
        case .object:
            var token = token
            return token.withUTF8 { name -> Int? in
                for _ in 0..<slot.length {
                    if unsafe bytes(self[next]).elementsEqual(name) { return next + 1 }
                    next += unsafe 1 + self[next + 1].extent
                }
                return nil
            }
        default: return nil
        }
    }
}
