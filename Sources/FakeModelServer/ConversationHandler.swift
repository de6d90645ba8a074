// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// One connection of a ``FakeConversation``: answers on the event loop, with bytes made beforehand.
final class ConversationHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private let conversation: FakeConversation
    private var body = ByteBuffer()
    private var keepsAlive = true

    init(_ conversation: FakeConversation) { self.conversation = conversation }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            keepsAlive = head.isKeepAlive
            body.clear()
        case .body(var buffer):
            if body.readableBytes == 0 { body = buffer } else { body.writeBuffer(&buffer) }
        case .end:
            context.writeAndFlush(wrapOutboundOut(conversation.response(to: body)), promise: nil)
            if !keepsAlive { context.close(promise: nil) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
