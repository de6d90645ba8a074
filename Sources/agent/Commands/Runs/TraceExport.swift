// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import HTTPTypes
import RunReports

/// Sends recorded runs as spans of OpenTelemetry to where the environment says. A run never fails for it.
struct TraceExport {
    private let configuration: OTLPConfiguration

    /// - Returns: `nil` when nothing is to be sent.
    init?() {
        guard let configuration = OTLPConfiguration(environmentVariable, version: AgentVersion.current) else {
            return nil
        }
        self.configuration = configuration
        for header in configuration.headers { Console.secrets.note(header.value) }
    }

    /// Sends the run and says in one line what went wrong, if that did.
    ///
    /// - Returns: whether it was taken.
    @discardableResult
    func send(_ run: RecordedRun, by transport: any HTTPTransport) async -> Bool {
        let trace = OTLPTrace(
            run, resource: configuration.resource.map { ($0.name, $0.value) }, parent: configuration.parent,
            capturesContent: configuration.capturesContent)
        for body in trace.requests() {
            guard let fault = await post(body, by: transport) else { continue }
            Console.err("agent: the trace of run \(run.info.id) was not sent: \(Printable.short(fault, width: 200))\n")
            return false
        }
        return true
    }

    /// - Returns: why it was not taken.
    private func post(_ body: JSONValue, by transport: any HTTPTransport) async -> String? {
        do {
            let request = try request(Array(try body.serialized().utf8))
            let time = Duration.milliseconds(configuration.timeout)
            let timeouts = HTTPTimeouts(connect: time, firstByte: time, idle: time, total: time)
            return try await transport.withResponse(to: request, timeouts: timeouts) { response, body in
                guard response.status.code >= 400 else { return nil }
                let text = String(decoding: await body.prefix(upTo: 300), as: UTF8.self)
                return "HTTP \(response.status.code) \(text)"
            }
        } catch {
            return "\(error)"
        }
    }

    private func request(_ body: [UInt8]) throws -> HTTPTransportRequest {
        var request = HTTPTransportRequest(
            method: .post, url: try HTTPURL(parsing: configuration.endpoint), body: .bytes(body),
            followsRedirects: false)
        request.headerFields[.contentType] = "application/json"
        request.headerFields[.userAgent] = "agent/\(AgentVersion.current)"
        for header in configuration.headers {
            guard let name = HTTPField.Name(header.name) else { continue }
            request.headerFields[name] = header.value
        }
        return request
    }
}
