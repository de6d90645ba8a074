// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
package import LuaAgents

/// What the tests of a command share: what they may touch at most, and where answers come from.
package struct TestWorld: Sendable {
    /// Where the answers of models, and of the world behind the door, come from where a test scripts no model.
    package enum Answers: Sendable, Equatable {
        /// From tapes alone: what is on none fails the test.
        case tapes
        /// From tapes; a tape that is not there yet is recorded.
        case recordingMissing
        /// From the real ones, and every tape is recorded anew.
        case recordingAll
        /// From the real ones; tapes are neither read nor written.
        case live
    }

    package var answers: Answers
    /// What tests may give to what they run, at most, beside reading in their own folder.
    package var limit: Grants
    /// The world as it is, for recording and for live tests.
    package var live: ScriptEnvironment
    /// Seconds for one test, more than 0.
    package var timeout: Double
    /// How models are asked, and scripts are held, in every environment.
    package var prepare: @Sendable (inout ScriptEnvironment) -> Void

    package init(
        live: ScriptEnvironment, answers: Answers = .tapes, limit: Grants = .none, timeout: Double = 60,
        prepare: @escaping @Sendable (inout ScriptEnvironment) -> Void = { _ in }
    ) {
        self.live = live
        self.answers = answers
        self.limit = limit
        self.timeout = timeout
        self.prepare = prepare
    }

    /// An environment in which nothing can be reached: no model, no network, no service.
    func emptyEnvironment() -> ScriptEnvironment {
        var environment = ScriptEnvironment(models: NoModels())
        environment.secrets = live.secrets
        prepare(&environment)
        environment.grants = .none
        return environment
    }
}

/// For what must ask no model.
struct NoModels: ModelProvider {
    func model(for reference: JSONValue?) throws -> any Model {
        throw ModelError(
            .configuration, "a test asks a model through t:run alone, with model = t.scripted { … } or a tape")
    }
}
