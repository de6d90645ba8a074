// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

/// The flags of commands that use a service and run no agent.
struct ServiceOptions: ParsableArguments {
    @Flag(help: "Print JSON.")
    var json = false
    @Option(name: [.customShort("o"), .customLong("output")], help: "Write the answer to a file, whole or not at all.")
    var output: String?
    @Flag(name: .shortAndLong, help: "Show errors only.")
    var quiet = false
    @Flag(name: .shortAndLong, help: "Show more, such as what was used.")
    var verbose = false
    @Option(help: "Colour on stderr: auto, always or never.")
    var color: ColorMode = .auto

    @Flag(name: .customLong("dry-run"), help: "Print the request, send nothing.")
    var dryRun = false

    func validate() throws {
        if quiet && verbose { throw ValidationError("-q and -v exclude each other") }
    }

    var verbosity: Verbosity { quiet ? .quiet : verbose ? .verbose : .normal }
    var style: Style { Style(isOn: color.isOn) }
}

/// The flag of services that have models.
struct ServiceModelOption: ParsableArguments {
    @Option(help: "The model, mistral:NAME or local; by default the Mistral API's own when there is a key, else local.")
    var model: String?
}
