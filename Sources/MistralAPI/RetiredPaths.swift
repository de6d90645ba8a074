// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// What the Mistral API no longer has. Asking for it would only bring a 410 without a word of what to do.
enum RetiredPaths {
    /// - Throws: ``ModelError/Code/unavailable`` for fine-tuning jobs, retired in 2026-07.
    static func check(_ path: String) throws(ModelError) {
        guard path.hasPrefix("fine_tuning/jobs") else { return }
        throw ModelError(
            .unavailable,
            "the Mistral API has retired fine-tuning jobs (410 since July 2026); training data can still be checked and made: "
                + "agent dataset check FILE.jsonl, agent dataset export RUN.json")
    }
}
