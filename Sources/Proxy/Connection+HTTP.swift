import Faults
import Reactor
import Wire

/// How an `http` link takes requests and answers apart.
extension Connection {
    func consumeHTTP(_ half: HalfPointer, _ http: HTTPState, _ bytes: UnsafeRawBufferPointer) -> Int? {
        let isRequest = half.pointee.direction == .request
        var position = 0
        while position < bytes.count, !half.pointee.isHeld, self.http != nil, !isEnding, !half.pointee.isCutShort {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
            let piece: HTTPDecoder.Piece?
            do throws(WireError) {
                piece = try nextPiece(half, http, rest.bytes)
            } catch {
                return becomeOpaque(half, rest) ? bytes.count : nil
            }
            guard let piece else { break }
            if case .head(let head) = piece.kind {
                if !isRequest, http.exchanges.first.map({ $0.reply != nil }) ?? true {
                    return becomeOpaque(half, rest) ? bytes.count : nil
                }
                if isRequest, !isTold(http, piece, head, rest.bytes) { break }
                let bytes = UnsafeRawBufferPointer(rebasing: rest[..<piece.length])
                guard takeHead(half, http, piece, head, bytes) else { return nil }
                if half.pointee.isHeld { break }
            } else if !takeBody(half, http, UnsafeRawBufferPointer(rebasing: rest[..<piece.length])) {
                return nil
            }
            position += piece.length
            if piece.endsMessage, !finish(half, http) { return nil }
        }
        if self.http == nil, position < bytes.count {
            guard emit(half, UnsafeRawBufferPointer(rebasing: bytes[position...])) else { return nil }
            return bytes.count
        }
        return isEnding || half.pointee.isCutShort ? bytes.count : position
    }

    /// The piece that was held or kept back, else the decoder's next.
    private func nextPiece(
        _ half: HalfPointer, _ http: HTTPState, _ bytes: RawSpan
    ) throws(WireError) -> HTTPDecoder.Piece? {
        if half.pointee.direction == .request {
            if let piece = http.request.heldPiece ?? http.request.ahead?.piece { return piece }
            return try http.request.decoder.next(bytes)
        }
        if let piece = http.response.heldPiece { return piece }
        return try http.response.decoder.next(bytes, answering: http.exchanges.first?.method ?? "")
    }

    /// Whether all is there that tells a request from others. Where that takes its body, and a window may strike it, the head
    /// is kept back until the body is whole.
    private func isTold(_ http: HTTPState, _ piece: HTTPDecoder.Piece, _ head: HTTPHead, _ bytes: RawSpan) -> Bool {
        guard http.request.heldPiece == nil else { return true }
        if http.request.ahead == nil {
            // A client that waits for 100 Continue sends no body before the head has passed.
            guard link.isTouched, !piece.endsMessage, !head.expectsContinue else { return true }
            let label = link.dialect.label(head)
            let message = Message(direction: .request, operation: label.operation, key: label.key)
            guard label.isToldByBody, link.mayStrike(message) else { return true }
            http.request.ahead = HTTPBodyAhead(piece, http.request.decoder)
            http.request.aheadTime = loop.now
        }
        return http.request.ahead?.look(bytes) != false || !link.isTouched || request.pointee.sawEnd
    }

    private func takeBody(_ half: HalfPointer, _ http: HTTPState, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let message = half.pointee.direction == .request ? http.request.message : http.response.message else {
            return emit(half, bytes)
        }
        message.hash?.mix(bytes.bytes)
        guard let left = message.bytesLeft else {
            message.size += bytes.count
            return message.isSwallowed || emit(half, bytes)
        }
        let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(left))
        message.size += part.count
        message.bytesLeft = left - part.count
        guard emit(half, part) else { return false }
        if left == part.count { cut(half, http, message) }
        return true
    }

    /// So many bytes have passed as the fault lets pass: what is queued is sent, then the connection ends.
    func cut(_ half: HalfPointer, _ http: HTTPState, _ message: MessageInPassing) {
        record(message, half.pointee.direction)
        if half.pointee.direction == .request { http.request.message = nil } else { http.response.message = nil }
        ending = Ending(half: half, kind: message.action == .reset ? .reset : .closed)
    }

    /// A message has ended; false when the connection is over.
    private func finish(_ half: HalfPointer, _ http: HTTPState) -> Bool {
        plain(half)
        let isRequest = half.pointee.direction == .request
        guard let message = isRequest ? http.request.message : http.response.message else { return true }
        if let hash = message.hash {
            message.key = hash.key
            http.tell(message.exchange, key: message.key)
        }
        if message.bytesLeft != nil {
            cut(half, http, message)
            return true
        }
        if isRequest {
            http.request.message = nil
            record(message, .request)
            if message.isSwallowed, let last = http.exchanges.indices.last { http.exchanges[last].replyReady = true }
            return sendReplies(http)
        }
        http.response.message = nil
        record(message, .response)
        let method = http.exchanges.first?.method
        if message.status == 101 || (method == "CONNECT" && (200..<300).contains(message.status)) {
            self.http = nil
            return request.pointee.input.isEmpty || takeInput(request)
        }
        if (100..<200).contains(message.status) { return true }
        if !http.exchanges.isEmpty { http.exchanges.removeFirst() }
        return sendReplies(http)
    }

    /// Gives the answers whose turn has come.
    func sendReplies(_ http: HTTPState) -> Bool {
        while let first = http.exchanges.first, let reply = first.reply, first.replyReady {
            http.exchanges.removeFirst()
            let message = MessageInPassing(time: loop.now)
            (message.exchange, message.operation, message.key) = (first.number, first.operation, first.key)
            (message.size, message.status, message.action) = (reply.count, first.replyStatus, .replied)
            message.retryAfterMilliseconds = first.replyRetryAfterMilliseconds
            message.window = first.window
            response.pointee.delay = first.replyDelay
            record(message, .response)
            guard reply.withUnsafeBytes({ emit(response, $0) }) else { return false }
            response.pointee.delay = .zero
            if first.closes { ending = Ending(half: response, kind: .closed) }
        }
        return true
    }

    /// The upstream has sent its last byte.
    func answersEnded() {
        guard let http, http.response.decoder.endsWithConnection else { return }
        _ = finish(response, http)
    }

    /// The client has sent its last byte: a body that was waited for will not become whole.
    func requestsEnded() {
        if http?.request.ahead != nil, !request.pointee.input.isEmpty { _ = takeInput(request) }
    }

    /// The bytes stopped making sense: from here on they pass as they are.
    private func becomeOpaque(_ half: HalfPointer, _ rest: UnsafeRawBufferPointer) -> Bool {
        guard let http, !http.exchanges.contains(where: { $0.reply != nil }) else {
            end(.reset)
            return false
        }
        record(.opaque)
        self.http = nil
        guard emit(half, rest) else { return false }
        let other = half.pointee.direction == .request ? response : request
        return other.pointee.isHeld || other.pointee.input.isEmpty || takeInput(other)
    }
}
