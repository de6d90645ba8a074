// SPDX-License-Identifier: Apache-2.0

/// Tests of the official suite that fail and why that is meant, by `draft/area`, then `file/group/test`.
let schemaSuiteExceptions: [String: [String: String]] = [:]
