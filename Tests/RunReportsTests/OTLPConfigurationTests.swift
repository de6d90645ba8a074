// SPDX-License-Identifier: Apache-2.0

import RunReports
import Testing

@Suite struct OTLPConfigurationTests {
    private static func made(_ variables: [String: String]) -> OTLPConfiguration? {
        OTLPConfiguration({ variables[$0] }, version: "1")
    }

    private static let base = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"]

    @Test func nothingIsSentUnlessAnEndpointIsNamed() {
        #expect(Self.made([:]) == nil)
        #expect(Self.made(["OTEL_EXPORTER_OTLP_ENDPOINT": ""]) == nil)
        for other in [
            ["OTEL_SDK_DISABLED": "TRUE"], ["OTEL_TRACES_EXPORTER": "none"],
            ["TRACEPARENT": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"],
        ] {
            #expect(Self.made(Self.base.merging(other) { $1 }) == nil)
        }
    }

    @Test func thePathIsAddedToTheBaseAlone() {
        #expect(Self.made(Self.base)?.endpoint == "http://localhost:4318/v1/traces")
        #expect(Self.made(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://h/x/"])?.endpoint == "http://h/x/v1/traces")
        let own = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://h/traces"]
        #expect(Self.made(Self.base.merging(own) { $1 })?.endpoint == "http://h/traces")
    }

    @Test func headersAndResourcesAreDecoded() {
        let made = Self.made(
            Self.base.merging([
                "OTEL_EXPORTER_OTLP_HEADERS": "Authorization=Basic%20abc%3D, x-team = a=b,broken",
                "OTEL_RESOURCE_ATTRIBUTES": "service.name=other,deployment.environment=test",
                "OTEL_SERVICE_NAME": "mine",
            ]) { $1 })
        #expect(made?.headers.map(\.name) == ["Authorization", "x-team"])
        #expect(made?.headers.map(\.value) == ["Basic abc=", "a=b"])
        #expect(made?.resource.prefix(2).map(\.value) == ["mine", "test"])
        #expect(made?.capturesContent == false)
    }

    @Test(arguments: [
        "", "00", "00-0-0-01", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
    ]) func aBrokenParentIsNone(text: String) { #expect(TraceParent(text) == nil) }
}
