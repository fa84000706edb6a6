import NIOCore

/// Answers a server's HTTP/2 pings in front of NIO's handler, which takes more than 200 of them in 30 s for an attack and hangs up.
/// A busy server on grpc-go sends more: it measures the bandwidth with one for nearly every piece of data.
///
/// It stands behind TLS, and reads no more of frames than RFC 9113 says in section 4.1: 24 bits of length, 8 of type, 8 of flags.
final class PingAnswerer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let headBytes = 9
    private static let pingType: UInt8 = 6
    private static let pingBytes = 8
    private static let ack: UInt8 = 1

    /// The beginning of a frame of which too little is there to tell what it is.
    private var held = ByteBuffer()
    /// What is still to come of a frame that is passed on.
    private var rest = 0
    private var hasAnswered = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var arrived = unwrapInboundIn(data)
        var input: ByteBuffer
        if held.readableBytes == 0 {
            input = arrived
        } else {
            input = held
            input.writeBuffer(&arrived)
            held.clear()
        }
        var passed = ByteBuffer()
        while input.readableBytes > 0 {
            if rest > 0 {
                guard var part = input.readSlice(length: min(rest, input.readableBytes)) else { break }
                rest -= part.readableBytes
                passed.writeBuffer(&part)
                continue
            }
            guard let head = Head(input) else { break }
            guard head.isPing else {
                rest = Self.headBytes + head.length
                continue
            }
            guard input.readableBytes >= Self.headBytes + Self.pingBytes else { break }
            input.moveReaderIndex(forwardBy: Self.headBytes)
            answer(input.readSlice(length: Self.pingBytes), context)
        }
        held = input
        held.discardReadBytes()
        if passed.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(passed)) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if hasAnswered {
            hasAnswered = false
            context.flush()
        }
        context.fireChannelReadComplete()
    }

    private func answer(_ opaque: ByteBuffer?, _ context: ChannelHandlerContext) {
        guard var opaque else { return }
        var frame = context.channel.allocator.buffer(capacity: Self.headBytes + Self.pingBytes)
        frame.writeBytes([0, 0, UInt8(Self.pingBytes), Self.pingType, Self.ack, 0, 0, 0, 0])
        frame.writeBuffer(&opaque)
        context.write(wrapOutboundOut(frame), promise: nil)
        hasAnswered = true
    }

    /// The beginning of a frame.
    private struct Head {
        var length: Int
        /// One that wants an answer.
        var isPing: Bool

        /// - Returns: nil when too little is there.
        init?(_ buffer: ByteBuffer) {
            let start = buffer.readerIndex
            guard buffer.readableBytes >= headBytes, let high = buffer.getInteger(at: start, as: UInt16.self),
                let low = buffer.getInteger(at: start + 2, as: UInt8.self),
                let type = buffer.getInteger(at: start + 3, as: UInt8.self),
                let flags = buffer.getInteger(at: start + 4, as: UInt8.self)
            else { return nil }
            length = Int(high) << 8 | Int(low)
            isPing = type == pingType && flags & ack == 0 && length == pingBytes
        }
    }
}
