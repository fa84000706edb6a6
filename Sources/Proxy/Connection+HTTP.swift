import Faults
import Reactor
import Wire

/// How an `http` link takes requests and answers apart.
extension Connection {
    func consumeHTTP(_ half: HalfPointer, _ http: HTTPFlow, _ bytes: UnsafeRawBufferPointer) -> Int? {
        let isRequest = half.pointee.direction == .request
        var position = 0
        while position < bytes.count, !half.pointee.isHeld, flow != nil, !isEnding, !half.pointee.isCutShort {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
            let piece: HTTPDecoder.Piece?
            do throws(WireError) {
                piece = try nextPiece(half, http, rest.bytes)
            } catch {
                return becomeOpaque(half, rest) ? bytes.count : nil
            }
            guard let piece else { break }
            if case .head(let head) = piece.kind {
                if !isRequest, http.exchanges.first.map({ $0.ownAnswer != nil }) ?? true {
                    return becomeOpaque(half, rest) ? bytes.count : nil
                }
                if isRequest, !isTold(http, piece, head, rest.bytes) { break }
                let bytes = UnsafeRawBufferPointer(rebasing: rest[..<piece.length])
                guard takeHead(half, http, piece, head, bytes) else { return nil }
                if half.pointee.isHeld { break }
            } else if !takeBody(half, UnsafeRawBufferPointer(rebasing: rest[..<piece.length])) {
                return nil
            }
            position += piece.length
            if piece.endsMessage, !finish(half, http) { return nil }
        }
        if flow == nil, position < bytes.count {
            guard emit(half, UnsafeRawBufferPointer(rebasing: bytes[position...])) else { return nil }
            return bytes.count
        }
        return isEnding || half.pointee.isCutShort ? bytes.count : position
    }

    /// The piece that was held or kept back, else the decoder's next.
    private func nextPiece(
        _ half: HalfPointer, _ http: HTTPFlow, _ bytes: RawSpan
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
    private func isTold(_ http: HTTPFlow, _ piece: HTTPDecoder.Piece, _ head: HTTPHead, _ bytes: RawSpan) -> Bool {
        guard http.request.heldPiece == nil else { return true }
        if http.request.ahead == nil {
            // A client that waits for 100 Continue sends no body before the head has passed.
            guard link.isTouched, !piece.endsMessage, !head.expectsContinue else { return true }
            let label = link.dialect.label(head)
            let message = Message(
                direction: .request, operation: label.operation, key: label.key,
                content: content(method: head.method, target: head.target, bytes.extracting(0..<piece.length)),
                clientPort: portInSight)
            guard label.isToldByBody, link.mayStrike(message) else { return true }
            http.request.ahead = HTTPBodyAhead(piece, http.request.decoder)
            http.request.aheadTime = loop.now
        }
        return http.request.ahead?.look(bytes) != false || !link.isTouched || request.pointee.sawEnd
    }

    private func takeBody(_ half: HalfPointer, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let message = half.pointee.message else { return emit(half, bytes) }
        message.hash?.mix(bytes.bytes)
        if message.rewriting != nil { return keep(half, message, bytes) }
        copy(message, bytes)
        return passPart(half, message, bytes)
    }

    /// A message has ended; false when the connection is over.
    private func finish(_ half: HalfPointer, _ http: HTTPFlow) -> Bool {
        let isRequest = half.pointee.direction == .request
        guard let message = half.pointee.message else {
            plain(half)
            return true
        }
        if let hash = message.hash {
            message.key = hash.key
            http.tell(message.exchange, key: message.key, answer: response.pointee.message)
        }
        guard complete(half, http, message) else { return false }
        plain(half)
        if let isGoingOn = finishOrEnd(half, message) { return isGoingOn }
        settle(half, message)
        if isRequest {
            if message.isSwallowed, let last = http.exchanges.indices.last {
                http.exchanges[last].ownAnswer?.isReady = true
            }
            return sendOwnAnswers(http)
        }
        let method = http.exchanges.first?.method
        if message.status == 101 || (method == "CONNECT" && (200..<300).contains(message.status)) {
            flow = nil
            return request.pointee.input.isEmpty || takeInput(request)
        }
        if (100..<200).contains(message.status) { return true }
        if !http.exchanges.isEmpty { http.exchanges.removeFirst() }
        return sendOwnAnswers(http)
    }

    /// Gives the answers of the proxy's own whose turn has come.
    func sendOwnAnswers(_ http: HTTPFlow) -> Bool {
        while let first = http.exchanges.first, let answer = first.ownAnswer, answer.isReady {
            http.exchanges.removeFirst()
            let message = MessageInPassing(time: loop.now)
            (message.exchange, message.operation, message.key) = (first.number, first.operation, first.key)
            (message.size, message.status, message.action) = (answer.bytes.count, answer.status, .replied)
            message.retryAfterMilliseconds = answer.retryAfterMilliseconds
            message.window = answer.window
            response.pointee.delay = answer.delay
            record(message, .response)
            guard answer.bytes.withUnsafeBytes({ emit(response, $0) }) else { return false }
            response.pointee.delay = .zero
            if answer.closes { ending = Ending(half: response, kind: .closed) }
        }
        return true
    }

    /// The upstream has sent its last byte.
    func answersEnded(_ http: HTTPFlow) {
        if http.response.decoder.endsWithConnection { _ = finish(response, http) }
    }

    /// The client has sent its last byte: a body that was waited for will not become whole.
    func requestsEnded(_ http: HTTPFlow) {
        if http.request.ahead != nil, !request.pointee.input.isEmpty { _ = takeInput(request) }
    }
}
