// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "embed",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "agent-runtime", path: "../../..")],
    targets: [
        .executableTarget(
            name: "embed",
            dependencies: [
                .product(name: "AgentRuntime", package: "agent-runtime"),
                .product(name: "AgentTesting", package: "agent-runtime"),
            ])
    ]
)
