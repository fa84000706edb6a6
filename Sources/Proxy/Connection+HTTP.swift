import Faults
import Reactor
import Wire

/// How an `http` link treats requests and answers.
extension Connection {
    func consumeHTTP(_ half: HalfPointer, _ http: HTTPState, _ bytes: UnsafeRawBufferPointer) -> Int? {
        let isRequest = half.pointee.direction == .request
        var position = 0
        while position < bytes.count, !half.pointee.isHeld, self.http != nil, !isEnding {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
            let held = isRequest ? http.request.heldPiece : http.response.heldPiece
            let piece: HTTPDecoder.Piece?
            do throws(WireError) {
                let method = http.exchanges.first?.method ?? ""
                if held != nil {
                    piece = held
                } else if isRequest {
                    piece = try http.request.decoder.next(rest.bytes)
                } else {
                    piece = try http.response.decoder.next(rest.bytes, answering: method)
                }
            } catch {
                return becomeOpaque(half, rest) ? bytes.count : nil
            }
            guard let piece else { break }
            if case .head(let head) = piece.kind {
                if !isRequest, http.exchanges.first.map({ $0.reply != nil }) ?? true {
                    return becomeOpaque(half, rest) ? bytes.count : nil
                }
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
        return isEnding ? bytes.count : position
    }

    private func takeHead(
        _ half: HalfPointer, _ http: HTTPState, _ piece: HTTPDecoder.Piece, _ head: HTTPHead,
        _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        let isRequest = half.pointee.direction == .request
        var decision: Decision
        if let held = isRequest ? http.request.heldDecision : http.response.heldDecision {
            decision = held
            decision.ending = .forward
            if isRequest {
                (http.request.heldPiece, http.request.heldDecision) = (nil, nil)
            } else {
                (http.response.heldPiece, http.response.heldDecision) = (nil, nil)
            }
        } else {
            let message = begin(half, http, head)
            decision = decide(half, message, head)
            note(decision, on: message)
        }
        guard let message = isRequest ? http.request.message : http.response.message else { return true }
        message.size += bytes.count
        half.pointee.delay = Nanoseconds(decision.delay)
        switch decision.ending {
        case .reset:
            end(.reset)
            return false
        case .hold:
            message.size -= bytes.count
            half.pointee.holder = decision.struckBy.last ?? 0
            if isRequest {
                (http.request.heldPiece, http.request.heldDecision) = (piece, decision)
            } else {
                (http.response.heldPiece, http.response.heldDecision) = (piece, decision)
            }
            return holdable(half)
        case .reply(.http(let status, let headers, let body)):
            message.isSwallowed = true
            let closes = head.expectsContinue || head.asksToClose || head.isOldVersion
            let index = http.exchanges.count - 1
            http.exchanges[index].reply = HTTPReplyRenderer.render(
                status: status, headers: headers, body: body, dialect: link.dialect, answering: head.method,
                closes: closes)
            http.exchanges[index].replyStatus = status
            http.exchanges[index].replyDelay = half.pointee.delay
            http.exchanges[index].window = message.window
            http.exchanges[index].closes = closes
            http.exchanges[index].replyReady = head.expectsContinue
            return !head.expectsContinue || sendReplies(http)
        case .forward, .truncate:
            if isRequest, link.prepared.configuration.rewritesHost {
                decision.edits.append(.setHeader("Host", to: link.prepared.upstream.authority))
            }
            guard !decision.edits.isEmpty else { return emit(half, bytes) }
            return HTTPHeadEditor.apply(decision.edits, to: bytes.bytes).withUnsafeBytes { emit(half, $0) }
        }
    }

    private func begin(_ half: HalfPointer, _ http: HTTPState, _ head: HTTPHead) -> MessageInPassing {
        let message = MessageInPassing(time: loop.now)
        if half.pointee.direction == .request {
            let label = link.dialect.label(head)
            http.count += 1
            http.exchanges.append(
                HTTPExchange(number: http.count, method: head.method, operation: label.operation, key: label.key))
            http.request.message = message
        } else {
            http.response.message = message
        }
        let exchange = half.pointee.direction == .request ? http.exchanges.last : http.exchanges.first
        if let exchange {
            (message.exchange, message.operation, message.key) = (exchange.number, exchange.operation, exchange.key)
        }
        message.status = head.status
        return message
    }

    private func decide(_ half: HalfPointer, _ message: MessageInPassing, _ head: HTTPHead) -> Decision {
        let isInterim = (100..<200).contains(head.status) && head.status != 101
        guard link.isTouched, !isInterim else { return Decision() }
        var hash = StableHash()
        hash.mix(message.operation)
        hash.mix(message.key)
        return link.windows.decide(
            Message(
                direction: half.pointee.direction, operation: message.operation, key: message.key,
                status: message.status), call: hash.value, at: links.elapsed)
    }

    private func takeBody(_ half: HalfPointer, _ http: HTTPState, _ bytes: UnsafeRawBufferPointer) -> Bool {
        let message = half.pointee.direction == .request ? http.request.message : http.response.message
        message?.size += bytes.count
        return message?.isSwallowed == true || emit(half, bytes)
    }

    /// A message has ended; false when the connection is over.
    private func finish(_ half: HalfPointer, _ http: HTTPState) -> Bool {
        half.pointee.delay = .zero
        if half.pointee.direction == .request {
            guard let message = http.request.message else { return true }
            http.request.message = nil
            record(message, .request)
            if message.isSwallowed, let last = http.exchanges.indices.last { http.exchanges[last].replyReady = true }
            return sendReplies(http)
        }
        guard let message = http.response.message else { return true }
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
    private func sendReplies(_ http: HTTPState) -> Bool {
        while let first = http.exchanges.first, let reply = first.reply, first.replyReady {
            http.exchanges.removeFirst()
            let message = MessageInPassing(time: loop.now)
            (message.exchange, message.operation, message.key) = (first.number, first.operation, first.key)
            (message.size, message.status, message.action) = (reply.count, first.replyStatus, .replied)
            message.window = first.window
            record(message, .response)
            response.pointee.delay = first.replyDelay
            guard reply.withUnsafeBytes({ emit(response, $0) }) else { return false }
            response.pointee.delay = .zero
            if first.closes { isEnding = true }
        }
        return true
    }

    /// The upstream has sent its last byte.
    func answersEnded() {
        guard let http, http.response.decoder.endsWithConnection else { return }
        _ = finish(response, http)
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
