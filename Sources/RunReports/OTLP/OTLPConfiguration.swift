// SPDX-License-Identifier: Apache-2.0

/// Where spans are sent, by the standard variables of OpenTelemetry.
public struct OTLPConfiguration: Sendable, Equatable {
    /// The whole address of the traces.
    public var endpoint: String
    /// Names and values; the values are secrets.
    public var headers: [Pair]
    /// For all of a request, in milliseconds. 10,000 by default.
    public var timeout: Int
    public var resource: [Pair]
    public var parent: TraceParent?
    public var capturesContent: Bool

    public struct Pair: Sendable, Equatable {
        public var name: String
        public var value: String
    }

    /// - Parameter variable: looks up an environment variable.
    /// - Returns: `nil` when nothing is to be sent: no endpoint is named, the SDK is disabled, or the trace is not kept.
    public init?(_ variable: (String) -> String?, version: String) {
        func set(_ name: String) -> String? { variable(name).flatMap { $0.isEmpty ? nil : $0 } }
        guard set("OTEL_SDK_DISABLED")?.lowercased() != "true", set("OTEL_TRACES_EXPORTER") != "none",
            set("OTEL_TRACES_SAMPLER") != "always_off"
        else { return nil }
        if let endpoint = set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") {
            self.endpoint = endpoint
        } else if let base = set("OTEL_EXPORTER_OTLP_ENDPOINT") {
            // OTLP Exporter specification, "Endpoint URLs for OTLP/HTTP": the path is added to the base.
            endpoint = base + (base.hasSuffix("/") ? "" : "/") + "v1/traces"
        } else {
            return nil
        }
        parent = set("TRACEPARENT").flatMap(TraceParent.init)
        if parent?.isSampled == false { return nil }
        headers = Self.pairs(set("OTEL_EXPORTER_OTLP_TRACES_HEADERS") ?? set("OTEL_EXPORTER_OTLP_HEADERS"))
        let time = set("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT") ?? set("OTEL_EXPORTER_OTLP_TIMEOUT")
        timeout = min(max(time.flatMap { Int($0) } ?? 10_000, 1), 60_000)
        var resource = Self.pairs(set("OTEL_RESOURCE_ATTRIBUTES"))
        if let name = set("OTEL_SERVICE_NAME") {
            resource.removeAll { $0.name == "service.name" }
            resource.insert(Pair(name: "service.name", value: name), at: 0)
        }
        if !resource.contains(where: { $0.name == "service.name" }) {
            resource.insert(Pair(name: "service.name", value: "agent"), at: 0)
        }
        resource.append(Pair(name: "telemetry.sdk.name", value: "agent"))
        resource.append(Pair(name: "telemetry.sdk.language", value: "swift"))
        resource.append(Pair(name: "telemetry.sdk.version", value: version))
        self.resource = resource
        let content = set("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT")?.lowercased()
        capturesContent = ["true", "span_only", "span_and_event"].contains(content)
    }

    /// `a=1,b=two%20words` (W3C Baggage, as the OTLP specification has it for headers and resources).
    private static func pairs(_ text: String?) -> [Pair] {
        (text ?? "").split(separator: ",").compactMap { part in
            guard let equals = part.firstIndex(of: "=") else { return nil }
            let name = trimmed(part[..<equals])
            let value = trimmed(part[part.index(after: equals)...])
            return name.isEmpty ? nil : Pair(name: decoded(name), value: decoded(value))
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
