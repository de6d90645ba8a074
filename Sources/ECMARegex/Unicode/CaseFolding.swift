// SPDX-License-Identifier: Apache-2.0

enum CaseFolding {
    static func closure(of set: CodePointSet) -> CodePointSet { set }
}
