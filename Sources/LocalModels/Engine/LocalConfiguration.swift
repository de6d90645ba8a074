// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Where the embedded engine and its weights are, or will be.
public struct LocalConfiguration: Sendable {
    /// Engine and weights are kept here and shared by all runs: `$XDG_CACHE_HOME/agent/local`.
    public var cacheDirectory: String
    /// Sockets of running engines: `$XDG_RUNTIME_DIR/agent` where that is a folder of this user's, else
    /// `/tmp/agent-UID/agent`. It must be this user's and closed to others, as must be the folder above it unless that is
    /// sticky like `/tmp`.
    public var runtimeDirectory: String
    /// A GGUF file to use instead of fetched weights (`AGENT_LOCAL_MODEL`).
    public var modelPath: String?
    /// A `llama-server` to use instead of the fetched engine: the first on `PATH`.
    public var llamaServer: String?
    /// Python 3, which hosts the engine: `AGENT_PYTHON` (a path, or a name on `PATH`), else the first on `PATH`.
    public var python: String?
    /// Seconds an engine that nobody uses stays warm: 0…604,800, 300 by default.
    public var idleSeconds: Int
    /// Tokens of context to open, prompt and answer together: 512…1,048,576, 8192 by default. Weights that are known to
    /// hold less get what they hold.
    public var contextTokens: Int
    /// Folders where the programs of OCR and `ffmpeg` are looked for: `PATH`.
    public var programPath: String
    /// Where folders for temporary files are made: `TMPDIR`, else `/tmp`.
    public var temporaryDirectory: String
    /// Languages of OCR by tesseract's names, joined by `+` (`AGENT_OCR_LANGUAGES`): `eng` by default.
    public var ocrLanguages: String
    /// Whether pages of a PDF are read from their text layer or from their pixels (`AGENT_OCR_SOURCE`).
    var ocrSource: PageSource.Wish
    /// The first variable that holds something else than it should, in words. It is the error of the first use.
    private(set) var invalidSetting: String?
    /// The same of the variables of OCR.
    private(set) var invalidOCRSetting: String?

    /// Reads the environment through `variable`. Of the file system it looks only at programs on `PATH`, and at who owns
    /// `XDG_RUNTIME_DIR`.
    public init(variable: (String) -> String?) {
        let home = variable("HOME") ?? "/"
        // XDG Base Directory Specification: a relative path is to be ignored.
        cacheDirectory = (variable("XDG_CACHE_HOME").absolute ?? home + "/.cache") + "/agent/local"
        let runtime = variable("XDG_RUNTIME_DIR").absolute.flatMap { PrivateFolder.problem(of: $0) == nil ? $0 : nil }
        runtimeDirectory = (runtime ?? "/tmp/agent-\(getuid())") + "/agent"
        modelPath = variable("AGENT_LOCAL_MODEL").nonEmpty
        let path = variable("PATH") ?? ""
        llamaServer = Self.find("llama-server", in: path)
        let python = variable("AGENT_PYTHON").nonEmpty ?? "python3"
        self.python = python.contains("/") ? python : Self.find(python, in: path)
        (idleSeconds, contextTokens) = (300, 8192)
        programPath = path
        temporaryDirectory = variable("TMPDIR").absolute ?? "/tmp"
        (ocrLanguages, ocrSource) = ("eng", .auto)
        readOCRSettings(variable)
        read("AGENT_LOCAL_IDLE", variable, "seconds", 0...604_800, into: \.idleSeconds)
        read("AGENT_LOCAL_CONTEXT", variable, "tokens", 512...1_048_576, into: \.contextTokens)
    }

    private mutating func read(
        _ name: String, _ variable: (String) -> String?, _ unit: String, _ range: ClosedRange<Int>,
        into place: WritableKeyPath<Self, Int>
    ) {
        guard let text = variable(name).nonEmpty else { return }
        if let number = Int(text), range.contains(number) {
            self[keyPath: place] = number
        } else if invalidSetting == nil {
            invalidSetting =
                "\(name): expected a number of \(unit) from \(range.lowerBound) to \(range.upperBound), found \"\(text)\""
        }
    }

    private mutating func readOCRSettings(_ variable: (String) -> String?) {
        if let text = variable("AGENT_OCR_LANGUAGES").nonEmpty {
            // A name may be that of a script: script/Latin.
            let isName = { (part: Substring) in
                !part.isEmpty
                    && part.utf8.allSatisfy { $0 == 0x2F || $0 == 0x5F || ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
            }
            if text.split(separator: "+", omittingEmptySubsequences: false).allSatisfy(isName) {
                ocrLanguages = text
            } else {
                invalidOCRSetting =
                    "AGENT_OCR_LANGUAGES: expected names of tesseract joined by +, such as \"eng+deu\", found \"\(text)\""
            }
        }
        guard let text = variable("AGENT_OCR_SOURCE").nonEmpty else { return }
        if let wish = PageSource.Wish(rawValue: text) {
            ocrSource = wish
        } else {
            invalidOCRSetting = "AGENT_OCR_SOURCE: expected auto, text or pixels, found \"\(text)\""
        }
    }

    /// The path of a program of this machine; `nil` when it is on none of the paths.
    func program(_ name: String) -> String? { Self.find(name, in: programPath) }

    private static func find(_ program: String, in path: String) -> String? {
        path.split(separator: ":").map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }
}

extension String? {
    /// `nil` also for the empty string, which an environment uses for "not set".
    fileprivate var nonEmpty: String? { flatMap { $0.isEmpty ? nil : $0 } }

    /// `nil` also for what is not an absolute path.
    fileprivate var absolute: String? { flatMap { $0.hasPrefix("/") ? $0 : nil } }
}
