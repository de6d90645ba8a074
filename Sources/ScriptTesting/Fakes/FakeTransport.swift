// SPDX-License-Identifier: Apache-2.0

import HTTPCore
import HTTPTypes
import JSONCore
import LuaAgents
import Synchronization

/// The network of a run whose test says what addresses answer.
final class FakeTransport: HTTPTransport {
    private enum Reply: Sendable {
        case response(status: Int, fields: HTTPFields, body: [UInt8])
        case noConnection
    }

    private let replies: Mutex<[String: [Reply]]>
    private let known: [String]
    /// The real network, for hosts that were granted; `nil` and there is none.
    private let other: (any HTTPTransport)?
    private let asked: AskedFakes
    private let log = Mutex<[JSONValue]>([])

    /// - Parameter value: by `URL` or `METHOD URL`: a body, `{ status, headers, body, json }`, a list of such replies for one
    ///   request after the other, of which the last stays, or `false` for no connection.
    init(_ value: JSONValue, _ asked: AskedFakes, other: (any HTTPTransport)?) throws(Misuse) {
        guard let fakes = Optional(value).asArguments.objectValue else {
            throw Misuse("t:run: fakes.http: expected a table by addresses, found \(value.typeName)")
        }
        var replies: [String: [Reply]] = [:]
        for (address, value) in fakes {
            let place = "t:run: fakes.http['\(address)']"
            guard (try? HTTPURL(parsing: Self.url(address))) != nil else {
                throw Misuse(
                    "\(place): expected an address such as https://example.org/a or POST https://example.org/a")
            }
            var list: [Reply] = []
            for value in value.arrayValue ?? [value] { list.append(try Self.reply(value, place)) }
            guard !list.isEmpty else { throw Misuse("\(place): expected a reply") }
            replies[address] = list
        }
        known = replies.keys.sorted()
        self.other = other
        self.asked = asked
        self.replies = Mutex(replies)
    }

    /// The hosts that answer, as grants name them.
    var hosts: [String] {
        known.compactMap { try? HTTPURL(parsing: Self.url($0)) }.map { url in
            url.port == url.scheme.defaultPort ? url.host : "\(url.host):\(url.port)"
        }
    }

    /// What was asked for: `{ method, url, body }` each.
    var requests: [JSONValue] { log.withLock(\.self) }

    func withResponse<Value>(
        to request: HTTPTransportRequest, timeouts: HTTPTimeouts,
        _ body: (HTTPResponse, HTTPBody) async throws -> Value
    ) async throws -> Value {
        let (method, url) = (request.method.rawValue, "\(request.url)")
        note(method, url, request)
        guard let reply = next("\(method) \(url)") ?? next(url) else {
            if let other { return try await other.withResponse(to: request, timeouts: timeouts, body) }
            throw asked.missing("\(method) \(url)", known: known)
        }
        guard case .response(let status, let fields, let bytes) = reply else {
            throw HTTPTransportError(.connect, "no connection to \(request.url.authority)")
        }
        return try await body(
            HTTPResponse(status: .init(code: status), headerFields: fields), HTTPBody(bytes))
    }

    private func note(_ method: String, _ url: String, _ request: HTTPTransportRequest) {
        var entry: JSONObject = ["method": .string(method), "url": .string(url)]
        if case .bytes(let bytes) = request.body { entry["body"] = .string(String(decoding: bytes, as: UTF8.self)) }
        log.withLock { $0.append(.object(entry)) }
    }

    private func next(_ key: String) -> Reply? {
        replies.withLock { replies in
            guard let list = replies[key] else { return nil }
            if list.count > 1 { replies[key] = Array(list.dropFirst()) }
            return list.first
        }
    }

    // MARK: - Reading

    private static func url(_ address: String) -> String { String(address.split(separator: " ").last ?? "") }

    private static func reply(_ value: JSONValue, _ place: String) throws(Misuse) -> Reply {
        switch value {
        case .bool(false): return .noConnection
        case .string(let text): return .response(status: 200, fields: [:], body: Array(text.utf8))
        case .object(let fields): return try reply(fields, place)
        default: throw Misuse("\(place): expected a body or { status, headers, body, json }, found \(value.typeName)")
        }
    }

    private static func reply(_ fields: JSONObject, _ place: String) throws(Misuse) -> Reply {
        var (status, headers, body) = (200, HTTPFields(), [UInt8]())
        for (name, value) in fields {
            switch name {
            case "status":
                guard let code = value.integerValue, (100...599).contains(code) else {
                    throw Misuse("\(place): status: expected 100 to 599")
                }
                status = Int(code)
            case "body": body = Array((value.stringValue ?? "").utf8)
            case "json":
                body = (try? value.serializedBytes()) ?? []
                headers[.contentType] = "application/json"
            case "headers":
                for (name, value) in Optional(value).asArguments.objectValue ?? [:] {
                    guard let field = HTTPField.Name(name), let text = value.stringValue else {
                        throw Misuse("\(place): headers: '\(name)': expected a header name with a string")
                    }
                    headers[field] = text
                }
            default: throw Misuse("\(place): unknown field '\(name)'")
            }
        }
        return .response(status: status, fields: headers, body: body)
    }
}
