// SPDX-License-Identifier: Apache-2.0

/// The tool library that ships with the runtime: the Lua files of the top-level folder `tools`, compiled in.
public enum BuiltinTools {
    public static var names: [String] { ["calculator", "clock", "files", "http_get", "search_index"] }

    /// The source of a tool, and the name that its errors show.
    public static func source(named name: String) -> (source: [UInt8], name: String)? {
        let source: [UInt8]? =
            switch name {
            case "calculator": PackageResources.calculator_lua
            case "clock": PackageResources.clock_lua
            case "files": PackageResources.files_lua
            case "http_get": PackageResources.http_get_lua
            case "search_index": PackageResources.search_index_lua
            default: nil
            }
        return source.map { ($0, "tools/\(name).lua") }
    }
}
