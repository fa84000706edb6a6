internal import CHiredis
internal import Glibc

/// One connection of hiredis over a socket of ours. Lives on the thread of its seat.
final class RedisConnection {
    private let context: UnsafeMutablePointer<redisContext>
    /// Replies are owed, or the stream lost its place: no further command can use the connection.
    private(set) var isSpent = false

    /// Connects, authenticates and selects the database.
    init(address: ServiceAddress, for call: Call) throws(StoreError) {
        do throws(Interruption) {
            let socket = try Socket(host: address.host, port: address.port, for: call)
            guard let made = redisConnectFd(socket.descriptor) else {
                throw .system(operation: "redisConnectFd", ENOMEM)
            }
            // The library closes the descriptor from here on, and never waits for it.
            socket.disown()
            context = made
            context.pointee.flags &= ~REDIS_BLOCK
        } catch {
            throw StoreError(service: "redis", operation: call.operation, connecting: error)
        }
        try greet(address, for: call)
    }

    deinit {
        redisFree(context)
    }

    /// The seat's connection when it is still good, or a new one in its place. Nothing was sent yet, so this is no retry.
    static func ready(
        _ connection: inout RedisConnection?, _ address: ServiceAddress, _ timeouts: Timeouts, for call: Call
    ) throws(StoreError) -> RedisConnection {
        if let connection, !connection.isSpent, connection.isQuiet { return connection }
        connection = nil
        var connecting = call
        connecting.deadline = call.deadline.clipped(to: timeouts.connect)
        let fresh = try RedisConnection(address: address, for: connecting)
        connection = fresh
        return fresh
    }

    /// Sends commands together and reads as many replies, errors among them.
    func exchange(_ commands: [[String]], for call: Call) throws(StoreError) -> [RedisReply] {
        var isSent = false
        isSpent = true
        do throws(Interruption) {
            try call.check()
            for command in commands { try append(command) }
            // A server runs each command as it arrives, so a part that left may be applied.
            try flush(&isSent, for: call)
            var replies: [RedisReply] = []
            replies.reserveCapacity(commands.count)
            while replies.count < commands.count { replies.append(try nextReply(for: call)) }
            isSpent = false
            return replies
        } catch {
            throw StoreError(
                service: "redis", operation: call.operation, outcome: isSent ? .indefinite : .definite,
                isTransient: error.isTransient, code: error.code, message: error.message)
        }
    }

    private var isQuiet: Bool {
        var polled = pollfd(fd: context.pointee.fd, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, 0) == 0
    }

    private func greet(_ address: ServiceAddress, for call: Call) throws(StoreError) {
        var commands: [[String]] = []
        if let password = address.password, !password.isEmpty {
            let user = address.user.flatMap { $0.isEmpty ? nil : $0 }
            commands.append(["AUTH"] + (user.map { [$0] } ?? []) + [password])
        }
        if !address.path.isEmpty, address.path != "0" { commands.append(["SELECT", address.path]) }
        guard !commands.isEmpty else { return }
        do throws(StoreError) {
            for reply in try exchange(commands, for: call) {
                if case .error(let text) = reply { throw RedisError.error(text, operation: call.operation) }
            }
        } catch {
            var failure = error
            failure.outcome = .definite
            failure.message = "greeting: \(error.message)"
            throw failure
        }
    }

    private func append(_ command: [String]) throws(Interruption) {
        let lengths = command.map(\.utf8.count)
        // One byte more, so that there is an address also when all words are empty.
        let text = Array(command.map(\.utf8).joined()) + [0]
        let code = text.withUnsafeBufferPointer { bytes in
            let base = UnsafeRawPointer(bytes.baseAddress!).assumingMemoryBound(to: CChar.self)
            var start = 0
            var pointers = lengths.map { length -> UnsafePointer<CChar>? in
                defer { start += length }
                return base + start
            }
            return redisAppendCommandArgv(context, Int32(lengths.count), &pointers, lengths)
        }
        guard code == REDIS_OK else { throw .unusable("hiredis refused the command: \(libraryMessage)") }
    }

    private func flush(_ isSent: inout Bool, for call: Call) throws(Interruption) {
        var done: Int32 = 0
        while true {
            isSent = true
            guard redisBufferWrite(context, &done) == REDIS_OK else { throw libraryError }
            if done == 1 { return }
            let ready = try call.wait(for: context.pointee.fd, POLLIN | POLLOUT)
            // The server stops reading when nobody reads its replies.
            if ready & POLLIN != 0, redisBufferRead(context) != REDIS_OK { throw libraryError }
        }
    }

    private func nextReply(for call: Call) throws(Interruption) -> RedisReply {
        while true {
            var raw: UnsafeMutableRawPointer?
            guard redisGetReplyFromReader(context, &raw) == REDIS_OK else { throw libraryError }
            if let raw {
                defer { freeReplyObject(raw) }
                return RedisReply(raw.assumingMemoryBound(to: redisReply.self).pointee)
            }
            try call.wait(for: context.pointee.fd, POLLIN)
            guard redisBufferRead(context) == REDIS_OK else { throw libraryError }
        }
    }

    private var libraryError: Interruption {
        switch context.pointee.err {
        case REDIS_ERR_EOF: .ended
        case REDIS_ERR_IO: .system(operation: "reading or writing", errno)
        default: .garbled(libraryMessage)
        }
    }

    private var libraryMessage: String {
        withUnsafeBytes(of: context.pointee.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

extension RedisReply {
    init(_ reply: redisReply) {
        let text = UnsafeRawBufferPointer(start: reply.str, count: reply.str == nil ? 0 : reply.len)
        switch reply.type {
        case REDIS_REPLY_STRING: self = .bulk(Array(text))
        case REDIS_REPLY_STATUS: self = .status(String(decoding: text, as: UTF8.self))
        case REDIS_REPLY_ERROR: self = .error(String(decoding: text, as: UTF8.self))
        case REDIS_REPLY_INTEGER: self = .integer(Int(reply.integer))
        case REDIS_REPLY_ARRAY: self = .array((0..<reply.elements).map { RedisReply(reply.element[$0]!.pointee) })
        default: self = .null
        }
    }
}
