import Faults
import Reactor
import Wire

/// What happens to the head of a request or an answer, and with it to the whole of it.
extension Connection {
    /// - Parameter bytes: the head's. False when the connection is over.
    func takeHead(
        _ half: HalfPointer, _ http: HTTPFlow, _ piece: HTTPDecoder.Piece, _ head: HTTPHead,
        _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        let isRequest = half.pointee.direction == .request
        let decision: Decision
        let message: MessageInPassing
        if let held = release(half) {
            (decision, message) = held
            if isRequest { http.request.heldPiece = nil } else { http.response.heldPiece = nil }
        } else {
            message = begin(half, http, piece, head)
            if message.action == .duplicated {
                message.size = bytes.count
                return true
            }
            decision = decide(half, http, message, piece, head, bytes.bytes)
            note(decision, on: message)
        }
        if let isGoingOn = meet(half, decision, message, bytes) {
            if half.pointee.isHeld {
                if isRequest { http.request.heldPiece = piece } else { http.response.heldPiece = piece }
            }
            return isGoingOn
        }
        switch decision.ending {
        case .reply(let reply): return answer(http, reply, message, head, bytes)
        case .truncate(let after):
            guard passHead(half, message, decision.edits, bytes) else { return false }
            message.bytesLeft = after
            if after == 0 { cut(half, message) }
            return true
        case .misframe(let by):
            message.endsConnection = true
            let length = HeadEdit.setHeader("Content-Length", to: String(max(0, (head.contentLength ?? 0) + by)))
            return passHead(half, message, decision.edits + [length], bytes)
        default:
            if isRequest { return passRequest(half, http, message, decision, head, bytes) }
            return passAnswer(half, http, message, decision, piece, head, bytes)
        }
    }

    /// The proxy answers in the upstream's place.
    private func answer(
        _ http: HTTPFlow, _ reply: Reply, _ message: MessageInPassing, _ head: HTTPHead, _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        message.size = bytes.count
        message.isSwallowed = true
        let closes = head.expectsContinue || head.asksToClose || head.isOldVersion
        guard
            let rendered = HTTPReplyRenderer.render(
                reply, dialect: link.dialect, answering: head.method, operation: message.operation, closes: closes)
        else { return emit(request, bytes) }
        http.exchanges[http.exchanges.count - 1].ownAnswer = HTTPExchange.OwnAnswer(
            bytes: rendered.bytes, status: rendered.status, delay: request.pointee.delay, window: message.window,
            closes: closes, isReady: head.expectsContinue)
        return !head.expectsContinue || sendOwnAnswers(http)
    }

    private func passRequest(
        _ half: HalfPointer, _ http: HTTPFlow, _ message: MessageInPassing, _ decision: Decision, _ head: HTTPHead,
        _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        let last = http.exchanges.count - 1
        http.exchanges[last].answerEdits = decision.answerEdits
        if case .replyAfter(let reply, let window) = decision.ending {
            http.exchanges[last].replacement = HTTPExchange.Replacement(reply: reply, window: window)
        }
        if let duplicate = decision.duplicate {
            if head.asksToClose || head.asksToUpgrade || head.isOldVersion || head.method == "CONNECT" {
                link.decline(duplicate.window)
            } else {
                message.copy = RequestCopy(duplicate: duplicate, bytes: [], headBytes: bytes.count)
            }
        }
        let asks = link.rewritesBodies ? [HeadEdit.setHeader("Accept-Encoding", to: "identity")] : []
        return passHead(half, message, decision.edits + asks, bytes)
    }

    private func passAnswer(
        _ half: HalfPointer, _ http: HTTPFlow, _ message: MessageInPassing, _ decision: Decision,
        _ piece: HTTPDecoder.Piece, _ head: HTTPHead, _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        let isInterim = head.isInterim
        if !isInterim, let replacement = http.exchanges.first?.replacement {
            guard head.status >= 400 else {
                (message.isSwallowed, message.action) = (true, .replied)
                message.claim(by: replacement.window)
                message.size = bytes.count
                return true
            }
            http.exchanges[0].replacement = nil
            link.decline(replacement.window)
        }
        if !decision.rewrites.isEmpty {
            if piece.endsMessage {
                for rewrite in decision.rewrites { link.decline(rewrite.window) }
            } else {
                message.rewriting = Rewriting(rewrites: decision.rewrites, head: [])
            }
        }
        let edits = isInterim ? [] : http.exchanges.first?.answerEdits ?? []
        return passHead(half, message, edits + decision.edits, bytes)
    }

    /// Passes a head on, changed where edits ask for it.
    private func passHead(
        _ half: HalfPointer, _ message: MessageInPassing, _ edits: [HeadEdit], _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        message.size = bytes.count
        var edits = edits
        if half.pointee.direction == .request, link.prepared.configuration.rewritesHost {
            edits.append(.setHeader("Host", to: link.prepared.upstream.authority))
        }
        guard !edits.isEmpty else { return deliverHead(half, message, bytes) }
        let edited = HTTPHeadEditor.apply(edits, to: bytes.bytes)
        message.retryAfterMilliseconds = HTTPHeadParser.retryAfterMilliseconds(edited.span.bytes)
        return edited.withUnsafeBytes { deliverHead(half, message, $0) }
    }

    private func deliverHead(
        _ half: HalfPointer, _ message: MessageInPassing, _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        if message.rewriting != nil {
            message.rewriting?.head = Array(bytes)
            return true
        }
        message.copy?.bytes = Array(bytes)
        return emit(half, bytes)
    }

    private func begin(
        _ half: HalfPointer, _ http: HTTPFlow, _ piece: HTTPDecoder.Piece, _ head: HTTPHead
    ) -> MessageInPassing {
        guard half.pointee.direction == .request else {
            let message = MessageInPassing(time: loop.now)
            half.pointee.message = message
            (message.status, message.retryAfterMilliseconds) = (head.status, head.retryAfterMilliseconds)
            if let exchange = http.exchanges.first {
                (message.exchange, message.operation, message.key) =
                    (exchange.number, exchange.operation, exchange.key)
                if exchange.isSecond { (message.isSwallowed, message.action) = (true, .duplicated) }
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
                number: http.count, method: head.method, target: head.target, operation: message.operation,
                key: message.key))
        half.pointee.message = message
        return message
    }

    private func decide(
        _ half: HalfPointer, _ http: HTTPFlow, _ message: MessageInPassing, _ piece: HTTPDecoder.Piece,
        _ head: HTTPHead, _ bytes: RawSpan
    ) -> Decision {
        guard link.isTouched, !head.isInterim else { return Decision() }
        var hash = StableHash()
        hash.mix(message.operation)
        hash.mix(message.key)
        let isRequest = half.pointee.direction == .request
        if isRequest, link.interest.contains(.requestHeaders), !http.exchanges.isEmpty {
            http.exchanges[http.exchanges.count - 1].headers = HTTPHeadParser.headers(bytes)
        }
        let exchange = isRequest ? http.exchanges.last : http.exchanges.first
        return link.decide(
            Message(
                direction: half.pointee.direction, operation: message.operation, key: message.key,
                status: message.status, bodyBytes: piece.endsMessage ? 0 : head.isChunked ? nil : head.contentLength,
                content: content(
                    method: exchange?.method ?? "", target: exchange?.target ?? "", bytes,
                    of: isRequest ? nil : exchange),
                clientPort: portInSight),
            call: hash.value, connection: number)
    }

    /// - Parameters:
    ///   - head: of the very message.
    ///   - exchange: which an answer belongs to.
    func content(
        method: String, target: String, _ head: RawSpan, of exchange: HTTPExchange? = nil
    ) -> MessageContent {
        let path = target.firstIndex(of: "?").map { String(target[..<$0]) } ?? target
        let isRead =
            link.interest.contains(.headers) || exchange == nil && link.interest.contains(.requestHeaders)
        let headers = isRead ? HTTPHeadParser.headers(head) : []
        return MessageContent(
            method: method, path: path, headers: headers, requestHeaders: exchange?.headers ?? headers)
    }
}
