// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import JSONCore

/// A run as spans of OpenTelemetry, in the JSON form of OTLP, named by the semantic conventions for generative AI (v1.41).
///
/// Ids are made of the run's id, so that sending a run twice gives the same spans.
public struct OTLPTrace: Sendable {
    private let run: RecordedRun
    private let resource: [(String, String)]
    private let parent: TraceParent?
    private let capturesContent: Bool

    /// - Parameters:
    ///   - resource: attributes of whoever sends, such as `service.name`.
    ///   - parent: the span that the run is a part of.
    ///   - capturesContent: whether messages, arguments and results are in the spans. By default not.
    public init(
        _ run: RecordedRun, resource: [(String, String)] = [], parent: TraceParent? = nil, capturesContent: Bool = false
    ) {
        self.run = run
        self.resource = resource
        self.parent = parent
        self.capturesContent = capturesContent
    }

    /// Bodies of requests to `/v1/traces`, each of at most `size` spans; nothing when there is nothing to tell.
    public func requests(size: Int = 2000) -> [JSONValue] {
        let spans = spans
        return stride(from: 0, to: spans.count, by: max(1, size)).map { start in
            request(Array(spans[start..<min(start + size, spans.count)]))
        }
    }

    private func request(_ spans: [JSONValue]) -> JSONValue {
        let attributes = resource.map { OTLPAttributes.member($0.0, .string($0.1)) }
        let scope: JSONValue = ["name": "agent", "version": .string(run.info.version)]
        return [
            "resourceSpans": [
                [
                    "resource": ["attributes": .array(attributes)],
                    "scopeSpans": [["scope": scope, "spans": .array(spans)]],
                ]
            ]
        ]
    }

    // MARK: - Spans

    private var spans: [JSONValue] {
        var spans = [root]
        for node in run.tree { add(node, beneath: id(of: 0), to: &spans) }
        return spans
    }

    private func add(_ node: RunNode, beneath parent: String, to spans: inout [JSONValue]) {
        let record = node.record
        let id = id(of: record.number)
        var attributes = OTLPAttributes(record, run.info, capturesContent: capturesContent)
        if record.outcome == nil { attributes.set("error.type", .string("not_answered")) }
        spans.append(
            span(
                id, parent, OTLPAttributes.name(of: record), isClient: record.operation == "model", record.began,
                record.ended ?? run.lastMoment, attributes, isBad: record.isBad || record.outcome == nil,
                message: capturesContent ? record.failure : nil))
        for child in node.children { add(child, beneath: id, to: &spans) }
    }

    private var root: JSONValue {
        let info = run.info
        var attributes = OTLPAttributes()
        attributes.set("agent.run.id", .string(info.id))
        attributes.set("agent.run.status", .string(info.status.rawValue))
        attributes.set("agent.command", info.command.isEmpty ? nil : .string(info.command))
        attributes.set("agent.script", info.script.map { .string($0) })
        attributes.set("gen_ai.conversation.id", info.session.map { .string($0) })
        attributes.set("agent.cost.usd", info.cost.map { .number($0.doubleValue) })
        let isBad = info.status == .failed
        if isBad { attributes.set("error.type", .string(info.exitCode.map { "exit_\($0)" } ?? "_OTHER")) }
        return span(
            id(of: 0), parent?.span, "agent \(info.command.isEmpty ? "run" : info.command)", isClient: false,
            info.began,
            info.ended ?? run.lastMoment, attributes, isBad: isBad, message: capturesContent ? info.message : nil)
    }

    private func span(
        _ id: String, _ parent: String?, _ name: String, isClient: Bool, _ began: Int64, _ ended: Int64,
        _ attributes: OTLPAttributes, isBad: Bool, message: String?
    ) -> JSONValue {
        var fields: JSONObject = ["traceId": .string(traceID), "spanId": .string(id)]
        fields["parentSpanId"] = parent.map { .string($0) }
        fields["name"] = .string(name)
        // SpanKind: 1 is internal, 3 client.
        fields["kind"] = isClient ? 3 : 1
        fields["startTimeUnixNano"] = .string("\(began)000")
        fields["endTimeUnixNano"] = .string("\(max(began, ended))000")
        fields["attributes"] = .array(attributes.values)
        if isBad {
            // StatusCode: 2 is an error.
            var status: JSONObject = ["code": 2]
            status["message"] = message.map { .string($0) }
            fields["status"] = .object(status)
        }
        return .object(fields)
    }

    // MARK: - Ids

    private var traceID: String { parent?.trace ?? Self.digits("trace:" + run.info.id, bytes: 16) }

    /// - Parameter number: of a record; 0 for the run.
    private func id(of number: Int) -> String { Self.digits("span:\(run.info.id):\(number)", bytes: 8) }

    private static func digits(_ text: String, bytes: Int) -> String {
        SHA256.digest(Array(text.utf8)).prefix(bytes).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count < 2 ? "0" + digits : digits
        }.joined()
    }
}
