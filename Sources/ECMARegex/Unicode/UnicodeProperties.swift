// SPDX-License-Identifier: Apache-2.0

enum UnicodeProperties {
    static func set(for name: String) -> CodePointSet? { nil }
}
