// SPDX-License-Identifier: Apache-2.0

import HTTPCore
import HTTPTypes
import JSONCore
import LuaRuntime

extension Door {
    /// Sends the request of `agent.http`. Every address it is redirected to is checked against the grants like the first.
    func http(_ request: DoorRequest) async throws -> LuaAnswer {
        let wanted = try ScriptHTTPRequest(request)
        try capabilities.checkHost(wanted.request.url, "agent.http")
        guard let transport = environment.transport else { return .failure("this host has no network") }
        do {
            let transport = guarded(transport, "agent.http")
            let (response, body) = try await transport.withResponse(to: wanted.request, timeouts: wanted.timeouts) {
                response, body in
                (response, try await body.collect(upTo: ScriptHTTPRequest.maximumBytes))
            }
            return .values(Self.message(response, body))
        } catch let error as HTTPTransportError {
            return .failure("\(wanted.request.url.authority): \(error.message)")
        }
    }

    /// `transport`, held to what passes this door.
    ///
    /// - Parameter servers: need no grant.
    func guarded(
        _ transport: any HTTPTransport, _ operation: String, servers: [HTTPURL] = []
    ) -> GuardedTransport {
        GuardedTransport(
            transport: transport, capabilities: capabilities, lookUp: environment.lookUp, operation: operation,
            servers: servers)
    }

    /// The servers of providers that the operator has set: a script that describes a model there reaches nothing more.
    var operatorServers: [HTTPURL] {
        ["OPENAI_BASE_URL", "MISTRAL_SERVER_URL"].compactMap { name in
            environment.variables(name).flatMap { try? HTTPURL(parsing: $0) }
        }
    }

    /// Holds a model that a script describes to the grants: its prompts are data that leaves, its key is a variable.
    /// The operator's own servers, and variables that are named like keys of providers and go there, need no grant.
    func checkModel(_ reference: JSONValue?) throws {
        switch reference {
        case .array(let references): for reference in references { try checkModel(reference) }
        case .object(let fields):
            let url = fields["base_url"]?.stringValue.flatMap { try? HTTPURL(parsing: $0) }
            let isOperators = url.map { url in operatorServers.contains { $0.hasSameOrigin(as: url) } } ?? true
            if let name = fields["api_key_env"]?.stringValue, !isOperators || !name.hasSuffix("_API_KEY") {
                try capabilities.checkVariable(name, "agent.new: model")
            }
            if let url, !isOperators { try capabilities.checkHost(url, "agent.new: model") }
        default: break
        }
    }

    private static func message(_ response: HTTPResponse, _ body: [UInt8]) -> LuaMessage {
        var headers = JSONObject()
        for field in response.headerFields {
            let name = field.name.canonicalName
            let before = headers[name]?.stringValue
            // RFC 9110 §5.3: several lines of one field are one line with commas.
            headers[name] = .string(before.map { $0 + ", " + field.value } ?? field.value)
        }
        var message = LuaMessage()
        message.append(
            LuaValue.table([
                .init("status", .integer(Int64(response.status.code))), .init("headers", LuaValue(.object(headers))),
                .init("body", .bytes(body)),
            ]))
        return message
    }
}

/// A request as a script describes it.
struct ScriptHTTPRequest {
    /// Bytes of a response that a script may be handed.
    static let maximumBytes = 32 << 20

    let request: HTTPTransportRequest
    let timeouts: HTTPTimeouts

    /// - Throws: ``Misuse`` that names the field.
    init(_ door: DoorRequest) throws {
        let options = try door.table(0, "options")
        var url: HTTPURL?
        var request: (method: String, body: [UInt8]?, query: String) = ("GET", nil, "")
        var fields = HTTPFields()
        var json: [UInt8]?
        var seconds = 60.0
        for (name, value) in options {
            let place = "agent.http: \(name)"
            switch name {
            case "url": url = try Self.url(value, place)
            case "method": request.method = try SpecField(place, value.json()).string().uppercased()
            case "headers": try Self.add(SpecField(place, value.json()).object(), to: &fields, place)
            case "body": request.body = try value.textBytes(place)
            case "json": json = try value.json().serializedBytes()
            case "query": request.query = try Self.query(SpecField(place, value.json()).object(), place)
            case "timeout": seconds = try SpecField(place, value.json()).number(in: 0.001...3600)
            default: throw Misuse("agent.http: unknown option '\(name)'")
            }
        }
        guard let url else { throw Misuse("agent.http: url: expected a string, found nil") }
        if let json {
            guard request.body == nil else { throw Misuse("agent.http: body and json exclude each other") }
            request.body = json
            // A script may name a type of its own, such as application/merge-patch+json.
            fields[.contentType] = fields[.contentType] ?? "application/json"
        }
        guard let method = HTTPRequest.Method(request.method) else {
            throw Misuse("agent.http: method: not a method name")
        }
        self.request = HTTPTransportRequest(
            method: method, url: try url.adding(query: request.query), headerFields: fields,
            body: request.body.map { .bytes($0) } ?? .none)
        timeouts = HTTPTimeouts(firstByte: nil, idle: nil, total: .seconds(seconds))
    }

    private static func url(_ value: LuaValue, _ place: String) throws -> HTTPURL {
        do {
            return try HTTPURL(parsing: try SpecField(place, value.json()).string())
        } catch let error as HTTPTransportError {
            throw Misuse("\(place): \(error.message)")
        }
    }

    private static func add(_ object: JSONObject, to fields: inout HTTPFields, _ place: String) throws {
        for (name, value) in object {
            guard let fieldName = HTTPField.Name(name), let text = value.stringValue, HTTPField.isValidValue(text)
            else {
                throw Misuse("\(place): '\(name)': expected a header name with a string")
            }
            fields[fieldName] = text
        }
    }

    private static func query(_ object: JSONObject, _ place: String) throws -> String {
        FormURLEncoding.encode(
            try object.map { name, value in
                switch value {
                case .string(let text): (name, text)
                case .integer, .number, .bool: (name, try value.serialized())
                default: throw Misuse("\(place): '\(name)': expected a string or a number")
                }
            })
    }
}

extension HTTPURL {
    fileprivate func adding(query: String) throws -> HTTPURL {
        guard !query.isEmpty else { return self }
        return try HTTPURL(parsing: "\(self)" + (path.contains("?") ? "&" : "?") + query)
    }
}
