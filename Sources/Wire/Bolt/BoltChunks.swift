/// Joins the chunks of a Bolt stream to messages. Bytes come in pieces of any size.
package struct BoltChunks {
    package enum Malformed: Error, Hashable {
        case messageTooLong
    }

    package let messageLimitBytes: Int
    private var buffer: [UInt8] = []
    private var position = 0
    private var message: [UInt8] = []

    package init(messageLimitBytes: Int = 256 << 20) {
        self.messageLimitBytes = messageLimitBytes
    }

    /// No part of a message has come that its end has not.
    package var isBetweenMessages: Bool { position == buffer.count && message.isEmpty }

    package mutating func append(_ bytes: some Collection<UInt8>) {
        if position == buffer.count {
            buffer.removeAll(keepingCapacity: true)
            position = 0
        } else if position > 1 << 20 {
            buffer.removeFirst(position)
            position = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole message; nil until there is one. Empty chunks between messages are no-ops.
    package mutating func next() throws(Malformed) -> [UInt8]? {
        while buffer.count - position >= 2 {
            let size = Int(buffer[position]) << 8 | Int(buffer[position + 1])
            if size == 0 {
                position += 2
                guard !message.isEmpty else { continue }
                defer { message = [] }
                return message
            }
            guard message.count + size <= messageLimitBytes else { throw .messageTooLong }
            guard buffer.count - position >= 2 + size else { return nil }
            message += buffer[position + 2..<position + 2 + size]
            position += 2 + size
        }
        return nil
    }

    /// Cuts a message into chunks, with the end mark.
    package static func split(_ message: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(message.count + message.count / 0xffff * 2 + 4)
        for start in stride(from: 0, to: message.count, by: 0xffff) {
            let chunk = message[start..<min(start + 0xffff, message.count)]
            output += [UInt8(chunk.count >> 8), UInt8(chunk.count & 0xff)]
            output += chunk
        }
        return output + [0, 0]
    }
}
