// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .treatAllWarnings(as: .error),
]

let warnings: [CSetting] = [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]

let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let httpCompression = Target.Dependency.product(name: "NIOHTTPCompression", package: "swift-nio-extras")
let sqlite = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqliteBinding = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let subprocess: [Target.Dependency] = [
    .product(name: "Subprocess", package: "swift-subprocess"), .product(name: "SystemPackage", package: "swift-system"),
]
let nio: [Target.Dependency] = ["NIOCore", "NIOPosix", "NIOHTTP1"].map { .product(name: $0, package: "swift-nio") }

func library(
    _ name: String, _ dependencies: [Target.Dependency], settings: [SwiftSetting] = [], exclude: [String] = [],
    resources: [Resource]? = nil
) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: strict + settings
    )
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.target(name: name)] + dependencies, resources: resources,
        swiftSettings: strict)
}

let package = Package(
    name: "agent-runtime",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "AgentRuntime", targets: ["AgentRuntime"]),
        .library(name: "RunStores", targets: ["RunStores"]),
        .library(name: "AgentTesting", targets: ["AgentTesting"]),
        .executable(name: "agent", targets: ["agent"]),
        .executable(name: "agent-lua-worker", targets: ["agent-lua-worker"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        // Values
        library("JSONCore", [], settings: [.strictMemorySafety()]),
        library(
            "StringFormats", [], settings: [.strictMemorySafety()], exclude: ["Unicode/generate.py"]),
        library("ECMARegex", []),
        library("JSONSchemaCore", ["ECMARegex", "JSONCore", "StringFormats"]),
        library("JSONSchemaTypes", ["JSONCore", "JSONSchemaCore"]),
        library("TrainingData", ["JSONCore", "JSONSchemaCore"]),
        // Lua
        .systemLibrary(name: "CLua", pkgConfig: "lua5.4", providers: [.apt(["liblua5.4-dev"])]),
        .target(name: "CLuaBridge", dependencies: ["CLua"], cSettings: warnings),
        .target(name: "CSandbox", cSettings: warnings),
        library("LuaRuntime", ["CLuaBridge", "CSandbox", "JSONCore"], settings: [.strictMemorySafety()]),
        program("agent-lua-worker", ["LuaRuntime"]),
        // openat2 for those who open files beneath a folder
        .target(name: "COpenBeneath", cSettings: warnings),
        // The loop
        library(
            "AgentCore", ["JSONCore", "JSONSchemaCore", "JSONSchemaTypes"],
            resources: ["prices.json", "prices.schema.json"].map { .embedInCode("Money/Resources/\($0)") }),
        // Ready-made guardrails
        library("Guardrails", ["AgentCore", "ECMARegex", "JSONCore", "JSONSchemaCore"]),
        // Labelled sets, checks of answers, figures, reports
        library("Evaluation", ["AgentCore", "ECMARegex", "HTMLPages", "JSONCore", "JSONSchemaCore"]),
        // Runs as people and other programs read them
        library("HTMLPages", []),
        library("RunReports", ["AgentCore", "HTMLPages", "JSONCore"]),
        // The world
        library("HTTPCore", [httpTypes]),
        library("ChatCompletions", ["AgentCore", "HTTPCore", "JSONCore", httpTypes]),
        library(
            "MistralAPI", ["AgentCore", "ChatCompletions", "HTTPCore", "JSONCore", "JSONSchemaCore", httpTypes]),
        library(
            "LocalModels",
            ["AgentCore", "ChatCompletions", "HTTPCore", "JSONCore", httpTypes] + subprocess,
            exclude: ["Resources/licences"],
            resources: ["fetch.py", "bert_gguf.py", "engine.py", "transcribe.py", "models.json"].map {
                .embedInCode("Resources/\($0)")
            }),
        library("HTTPTransports", ["HTTPCore", httpTypes, httpClient, httpCompression] + nio),
        library("RunStores", ["AgentCore", "COpenBeneath", sqlite, sqliteBinding]),
        // Composition
        library(
            "LuaAgents",
            [
                "AgentCore", "COpenBeneath", "ECMARegex", "Guardrails", "HTTPCore", "JSONCore", "JSONSchemaCore",
                "LuaRuntime",
                httpTypes,
            ]
                + subprocess,
            // Library is a link to the top-level folder tools.
            exclude: ["Library/tests"],
            resources: ["agent.lua", "guardrails.lua", "schema.lua", "services.lua", "world.lua"].map {
                .embedInCode("Resources/\($0)")
            }
                + ["calculator", "clock", "files", "http_get", "search_index"].map { .embedInCode("Library/\($0).lua") }
        ),
        library(
            "AgentRuntime",
            [
                "AgentCore", "ChatCompletions", "Evaluation", "Guardrails", "HTTPCore", "HTTPTransports", "JSONCore",
                "JSONSchemaCore", "JSONSchemaTypes", "LocalModels",
                "LuaAgents", "LuaRuntime", "MistralAPI", "TrainingData",
            ]),
        library("AgentTesting", ["AgentCore", "JSONCore"]),
        // Tests written in Lua
        library(
            "ScriptTesting",
            [
                "AgentCore", "AgentTesting", "ECMARegex", "Evaluation", "HTTPCore", "JSONCore", "JSONSchemaCore",
                "LuaAgents", "LuaRuntime", httpTypes,
            ],
            resources: [.embedInCode("Resources/test.lua")]),
        program(
            "agent", ["AgentRuntime", "RunReports", "RunStores", "ScriptTesting", arguments, httpTypes] + subprocess),
        // Stand-ins and measurements
        library("FakeModelServer", ["JSONCore"] + nio),
        program("fake-model", ["FakeModelServer"]),
        program("mistral-probe", ["AgentRuntime"]),
        program("agent-bench", ["AgentRuntime", httpTypes]),
        program("bridge-soak", ["LuaRuntime", "JSONCore"]),
        program("guardrail-bench", ["AgentCore", "Guardrails"]),
        program("index-bench", ["AgentCore", "RunStores"]),
        program("isolation-bench", ["JSONCore", "LuaRuntime"]),
        program("json-bench", ["JSONCore"]),
        program("lua-json-bench", ["LuaRuntime", "JSONCore"]),
        program("sandbox-probe", ["AgentRuntime", "JSONCore", "LuaRuntime"]),
        program("schema-bench", ["JSONCore", "JSONSchemaCore"]),
        tests("JSONCore", []),
        tests("StringFormats", []),
        tests("ECMARegex", []),
        tests("JSONSchemaCore", ["JSONCore"]),
        tests("JSONSchemaTypes", ["JSONCore", "JSONSchemaCore"]),
        tests("TrainingData", ["JSONCore"]),
        tests("LuaRuntime", ["JSONCore", "agent-lua-worker"]),
        tests("AgentCore", ["AgentTesting", "JSONCore", "JSONSchemaCore", "JSONSchemaTypes"]),
        tests(
            "Guardrails", ["AgentCore", "AgentTesting", "ECMARegex", "JSONCore", "JSONSchemaCore"],
            resources: ["injection", "personal", "secrets"].map { .embedInCode("Resources/\($0).jsonl") }),
        tests("Evaluation", ["AgentCore", "AgentTesting", "ECMARegex", "Guardrails", "JSONCore", "JSONSchemaCore"]),
        tests("RunReports", ["AgentCore", "HTMLPages", "JSONCore"]),
        tests("HTTPCore", [httpTypes]),
        tests(
            "ChatCompletions",
            ["AgentCore", "AgentTesting", "FakeModelServer", "HTTPCore", "HTTPTransports", "JSONCore", httpTypes]),
        tests(
            "MistralAPI",
            ["AgentCore", "AgentTesting", "FakeModelServer", "HTTPCore", "HTTPTransports", "JSONCore", httpTypes]),
        tests("HTTPTransports", ["FakeModelServer", "HTTPCore", httpTypes] + nio),
        tests(
            "LocalModels",
            [
                "AgentCore", "AgentTesting", "ChatCompletions", "HTTPCore", "HTTPTransports", "JSONCore", "LuaAgents",
                httpTypes,
            ]),
        tests("RunStores", ["AgentCore", "JSONCore", sqlite]),
        tests("ScriptTesting", ["AgentCore", "AgentTesting", "JSONCore", "LuaAgents"]),
        tests(
            "LuaAgents",
            [
                "AgentCore", "AgentTesting", "HTTPCore", "JSONCore", "JSONSchemaCore", "LuaRuntime", "RunStores",
                "agent-lua-worker", httpTypes,
            ]),
        tests(
            "agent", ["AgentRuntime", "AgentTesting", "FakeModelServer", "JSONCore", "agent-lua-worker"] + subprocess),
        // The official suites of others
        .testTarget(name: "ConformanceTests", dependencies: ["JSONCore", "JSONSchemaCore"], swiftSettings: strict),
    ]
)
