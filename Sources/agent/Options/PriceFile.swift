// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// `$XDG_CONFIG_HOME/agent/prices.json`: prices of the user's own, which count before the table that is built in.
enum PriceFile {
    /// - Throws: ``ConfigurationError`` with the file and the place in it.
    static func table() throws -> PriceTable {
        let path = ConfigFile.folder + "/prices.json"
        var table = PriceTable.builtIn
        if let file = try? ScriptFile(path) {
            do {
                table = table.overlaid(by: try PriceTable(parsing: file.source, file: path))
            } catch {
                throw ConfigurationError(error.description)
            }
        }
        table.file = path
        return table
    }
}
