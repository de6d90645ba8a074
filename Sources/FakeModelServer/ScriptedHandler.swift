// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// One connection: collects each request, asks for the reply in a task, and acts on its steps.
final class ScriptedHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    private let journal: ServerJournal
    private let reply: @Sendable (FakeRequest) async -> FakeReply
    private let readsBodies: Bool
    private var connection = 0
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var last: Task<Void, Never>?

    init(
        journal: ServerJournal, readsBodies: Bool, reply: @escaping @Sendable (FakeRequest) async -> FakeReply
    ) {
        self.journal = journal
        self.readsBodies = readsBodies
        self.reply = reply
    }

    func channelActive(context: ChannelHandlerContext) { connection = journal.opened(context.channel) }

    func channelInactive(context: ChannelHandlerContext) {
        last?.cancel()
        journal.closed(context.channel)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
            guard !readsBodies else { return }
            // What the client goes on to send stays in the socket, until it is full.
            _ = context.channel.setOption(.autoRead, value: false)
            answer(on: context.channel)
        case .body(let buffer): body += buffer.readableBytesView
        case .end: if readsBodies { answer(on: context.channel) }
        }
    }

    private func answer(on channel: any Channel) {
        guard let head else { return }
        let (body, connection) = (body, connection)
        let request = journal.received { index in
            FakeRequest(
                method: head.method.rawValue, path: head.uri, headers: head.headers.map { ($0.name, $0.value) },
                body: body,
                index: index, connection: connection)
        }
        let previous = last
        let turn = ScriptedTurn(request: request, channel: channel, reply: reply)
        last = Task {
            await previous?.value
            await turn.act()
        }
    }
}

/// One request on its connection, and what is done about it.
private struct ScriptedTurn: Sendable {
    let request: FakeRequest
    let channel: any Channel
    let reply: @Sendable (FakeRequest) async -> FakeReply

    func act() async {
        for step in await reply(request).steps {
            if Task.isCancelled { return }
            switch step {
            case .bytes(let bytes):
                guard (try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()) != nil else { return }
            case .wait(let gate): await gate.pass()
            case .close: try? await channel.close().get()
            case .hang: return
            }
        }
    }
}
