// SPDX-License-Identifier: Apache-2.0

package import LuaRuntime

/// What a host adds to what scripts can ask for: modules behind `require "agent"`, and the answers to what they ask.
package struct ScriptAddition: Sendable {
    package var modules: [LuaModule]
    /// Answers a request at the script's `position` (`file:line`), or `nil` for one that is not its own.
    package var answer: @Sendable (_ request: DoorRequest, _ position: String) async throws -> LuaAnswer?

    package init(
        modules: [LuaModule],
        answer: @escaping @Sendable (_ request: DoorRequest, _ position: String) async throws -> LuaAnswer?
    ) {
        self.modules = modules
        self.answer = answer
    }
}
