import Faults
import Reactor
import Wire

/// What happens to the head of a request or an answer, and with it to the whole of it.
extension Connection {
    /// - Parameter bytes: the head's. False when the connection is over.
    func takeHead(
        _ half: HalfPointer, _ http: HTTPState, _ piece: HTTPDecoder.Piece, _ head: HTTPHead,
        _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        let isRequest = half.pointee.direction == .request
        let decision: Decision
        let message: MessageInPassing
        if let held = release(half, http) {
            (decision, message) = held
        } else {
            message = begin(half, http, piece, head)
            decision = decide(half, message, piece, head)
            note(decision, on: message)
        }
        shape(half, decision, message)
        switch decision.ending {
        case .reset(nil):
            message.size = bytes.count
            end(.reset)
            return false
        case .halfClose:
            message.size = 0
            record(message, half.pointee.direction)
            if isRequest { http.request.message = nil } else { http.response.message = nil }
            // Nobody will answer what was lost, or wait for what was lost.
            if isRequest {
                http.exchanges.removeLast()
            } else if !http.exchanges.isEmpty {
                http.exchanges.removeFirst()
            }
            cutShort(half)
            return true
        case .close(nil):
            message.size = 0
            cut(half, http, message)
            return true
        case .reset(let after?), .close(let after?):
            let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(after))
            (message.size, message.bytesLeft) = (part.count, after - part.count)
            guard emit(half, part) else { return false }
            if message.bytesLeft == 0 { cut(half, http, message) }
            return true
        case .hold:
            message.size = bytes.count
            half.pointee.holder = decision.struckBy.last ?? 0
            if isRequest {
                (http.request.heldPiece, http.request.heldDecision) = (piece, decision)
            } else {
                (http.response.heldPiece, http.response.heldDecision) = (piece, decision)
            }
            return holdable(half)
        case .reply(.refusal), .reply(.sql), .hang, .lose, .replyAfter, .misframe: return pass(half, message, decision.edits, bytes)
        case .reply(.http(let status, let headers, let body)):
            message.size = bytes.count
            message.isSwallowed = true
            let closes = head.expectsContinue || head.asksToClose || head.isOldVersion
            let reply = HTTPReplyRenderer.render(
                status: status, headers: headers, body: body, dialect: link.dialect, answering: head.method,
                closes: closes)
            http.exchanges[http.exchanges.count - 1].answer(
                with: reply, status: status, after: half.pointee.delay, window: message.window, closes: closes,
                atOnce: head.expectsContinue)
            return !head.expectsContinue || sendReplies(http)
        case .truncate(let after):
            message.bytesLeft = after
            guard pass(half, message, decision.edits, bytes) else { return false }
            if after == 0 { cut(half, http, message) }
            return true
        case .forward:
            return pass(half, message, decision.edits, bytes)
        }
    }

    /// Passes a head on, changed where edits ask for it.
    private func pass(
        _ half: HalfPointer, _ message: MessageInPassing, _ edits: [HeadEdit], _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        message.size = bytes.count
        var edits = edits
        if half.pointee.direction == .request, link.prepared.configuration.rewritesHost {
            edits.append(.setHeader("Host", to: link.prepared.upstream.authority))
        }
        guard !edits.isEmpty else { return emit(half, bytes) }
        let edited = HTTPHeadEditor.apply(edits, to: bytes.bytes)
        message.retryAfterMilliseconds = HTTPHeadParser.retryAfterMilliseconds(edited.span.bytes)
        return edited.withUnsafeBytes { emit(half, $0) }
    }

    /// Takes back what was held: it goes on as the windows that edit it decided.
    private func release(_ half: HalfPointer, _ http: HTTPState) -> (Decision, MessageInPassing)? {
        let isRequest = half.pointee.direction == .request
        let held = isRequest ? http.request : http.response
        guard var decision = held.heldDecision, let message = held.message else { return nil }
        decision.ending = .forward
        message.action = .delayed
        if isRequest {
            (http.request.heldPiece, http.request.heldDecision) = (nil, nil)
        } else {
            (http.response.heldPiece, http.response.heldDecision) = (nil, nil)
        }
        return (decision, message)
    }

    private func begin(
        _ half: HalfPointer, _ http: HTTPState, _ piece: HTTPDecoder.Piece, _ head: HTTPHead
    ) -> MessageInPassing {
        guard half.pointee.direction == .request else {
            let message = MessageInPassing(time: loop.now)
            http.response.message = message
            (message.status, message.retryAfterMilliseconds) = (head.status, head.retryAfterMilliseconds)
            if let exchange = http.exchanges.first {
                (message.exchange, message.operation, message.key) =
                    (exchange.number, exchange.operation, exchange.key)
            }
            return message
        }
        let label = link.dialect.label(head)
        let ahead = http.request.ahead
        http.request.ahead = nil
        let message = MessageInPassing(time: ahead == nil ? loop.now : http.request.aheadTime)
        http.count += 1
        (message.exchange, message.operation, message.key) = (http.count, label.operation, ahead?.key ?? label.key)
        if label.isToldByBody, ahead?.key == nil, !piece.endsMessage, links.history != nil { message.hash = BodyHash() }
        http.exchanges.append(
            HTTPExchange(
                number: http.count, method: head.method, operation: message.operation, key: message.key))
        http.request.message = message
        return message
    }

    private func decide(
        _ half: HalfPointer, _ message: MessageInPassing, _ piece: HTTPDecoder.Piece, _ head: HTTPHead
    ) -> Decision {
        let isInterim = (100..<200).contains(head.status) && head.status != 101
        guard link.isTouched, !isInterim else { return Decision() }
        var hash = StableHash()
        hash.mix(message.operation)
        hash.mix(message.key)
        return link.decide(
            Message(
                direction: half.pointee.direction, operation: message.operation, key: message.key,
                status: message.status, bodyBytes: piece.endsMessage ? 0 : head.isChunked ? nil : head.contentLength),
            call: hash.value, connection: number)
    }
}
