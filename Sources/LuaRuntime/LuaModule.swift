// SPDX-License-Identifier: Apache-2.0

/// Trusted Lua source that every script of a state gets with `require`.
///
/// The source is a chunk with two arguments, `local host, bridge = ...`:
/// - `host(operation, ...)` asks the host: the call waits, and the host's values are returned or its error is raised.
/// - `bridge.null` is the null of JSON; `bridge.array([table])` marks a table as a list, which makes an empty one `[]`;
///   `bridge.isarray(value)` tells; `bridge.raise(message)` raises an error at the line of the script that called
///   into the module; `bridge.where()` returns that place as `"file:line"`, or `""`.
/// - `bridge.decoder(name)` makes a function of JSON text that returns the value, or `nil` and the reason;
///   `bridge.encoder(name)` one of a value and, optionally, `{ indent = 0…16 }` that returns its text, keys in the order
///   of their bytes. Both call themselves `name` in errors, which they raise for misuse at the line of the script, and
///   ask no host.
///
/// It returns the module's table and, optionally, a table of functions for ``LuaState/call(entry:arguments:deadline:host:)``.
/// Its own lines do not show in positions and tracebacks, except in errors that it raises itself with `error`. Scripts
/// can change the standard library's tables, so it should keep the functions it uses in locals.
public struct LuaModule: Sendable {
    /// What scripts `require`. Positions in the module read `[name]:line:`.
    public let name: String
    public let source: [UInt8]
    /// The code that states share, for a module that is loaded on demand.
    let shared: SharedCode?

    /// - Parameter onDemand: the module is compiled once for all states of the process, without line information, and
    ///   loaded into a state when it is first asked for. What is wrong with it is told only then.
    public init(name: String, source: [UInt8], onDemand: Bool = false) {
        self.name = name
        self.source = source
        shared = onDemand ? SharedCode(name: name, source: source) : nil
    }

    public init(name: String, source: String, onDemand: Bool = false) {
        self.init(name: name, source: Array(source.utf8), onDemand: onDemand)
    }
}
