import Faults
import Reactor
import Wire

/// How a `postgres` link takes what the client sends apart.
extension Connection {
    func consumeRequests(_ half: HalfPointer, _ flow: PostgresFlow, _ bytes: UnsafeRawBufferPointer) -> Int? {
        takeApart(half, bytes) { progress throws(WireError) in
            let piece: PostgresDecoder.Piece?
            if let held = flow.heldRequest {
                piece = held.piece
            } else {
                piece = try flow.requests.next(progress.rest.bytes)
            }
            guard let piece else { return .needsMore }
            return Step(isGoingOn: take(half, flow, piece, progress.part(piece.length), &progress))
        }
    }

    private func take(
        _ half: HalfPointer, _ flow: PostgresFlow, _ piece: PostgresDecoder.Piece, _ part: UnsafeRawBufferPointer,
        _ progress: inout Progress
    ) -> Bool {
        if let held = flow.heldRequest {
            flow.heldRequest = nil
            return run(half, flow, held.unit, piece, part, &progress)
        }
        switch piece.kind {
        case .startup(let code): return start(half, flow, code, piece, part, &progress)
        case .rest:
            flow.session.requestGoesOn(part.bytes)
            return goOn(half, flow, piece, part, &progress)
        case .message(let type):
            if flow.dropsToSync, type != UInt8(ascii: "S") {
                flow.dropsRequest = !piece.endsMessage
                return drop(half, part, &progress)
            }
            return take(half, flow, type, piece, part, &progress)
        }
    }

    private func take(
        _ half: HalfPointer, _ flow: PostgresFlow, _ type: UInt8, _ piece: PostgresDecoder.Piece,
        _ part: UnsafeRawBufferPointer, _ progress: inout Progress
    ) -> Bool {
        flow.session.keepsParameters = link.interest.contains(.parameters)
        switch flow.session.request(type, part.bytes, messageLength: piece.messageLength) {
        case .unit(let unit): return run(half, flow, unit, piece, part, &progress)
        case .sync(let unit?) where !flow.dropsToSync: return run(half, flow, unit, piece, part, &progress)
        case .sync:
            flow.session.sentSync()
            progress.position += part.count
            return synced(half, flow, &progress)
        case .part:
            flow.partBytes += part.count
            if type == UInt8(ascii: "B") { remember(flow, piece, part.bytes) }
        case .skipped, .other: break
        }
        progress.position += part.count
        return true
    }

    /// A Sync goes to the server: what the client sends behind it may have to wait.
    private func synced(_ half: HalfPointer, _ flow: PostgresFlow, _ progress: inout Progress) -> Bool {
        flow.dropsToSync = false
        guard flow.pausesAtSync else { return true }
        flow.pausesAtSync = false
        half.pointee.isPaused = true
        return flush(half, &progress)
    }

    /// Keeps a Bind while a window may want it to be sent again.
    private func remember(_ flow: PostgresFlow, _ piece: PostgresDecoder.Piece, _ bytes: RawSpan) {
        guard link.isTouched, piece.endsMessage else { return flow.bind = nil }
        let copy = bytes.withUnsafeBytes { Array($0) }
        flow.bind = (String(decoding: copy[5...].prefix { $0 != 0 }, as: UTF8.self), copy)
    }

    // MARK: Start

    private func start(
        _ half: HalfPointer, _ flow: PostgresFlow, _ code: Int, _ piece: PostgresDecoder.Piece,
        _ part: UnsafeRawBufferPointer, _ progress: inout Progress
    ) -> Bool {
        switch code {
        case PostgresStartup.ssl, PostgresStartup.gss:
            // What is encrypted could not be read; a client that insists gives up by itself.
            progress.skip(part.count)
            let no: [UInt8] = [UInt8(ascii: "N")]
            return no.withUnsafeBytes { emit(response, $0) }
        case _ where PostgresStartup.isSession(code):
            return run(half, flow, PostgresSession.startup(part.bytes), piece, part, &progress)
        default:
            // A request to cancel, after which nothing comes, or a protocol that nobody here knows.
            if code != PostgresStartup.cancel {
                return becomeOpaque(half, progress.rest) && finishProgress(&progress)
            }
            let message = MessageInPassing(time: loop.now)
            (message.operation, message.size) = ("CancelRequest", part.count)
            record(message, .request)
            self.flow = nil
            return true
        }
    }

    private func finishProgress(_ progress: inout Progress) -> Bool {
        progress.skip(progress.rest.count)
        return true
    }

    // MARK: Units

    /// The operative message of a unit.
    private func run(
        _ half: HalfPointer, _ flow: PostgresFlow, _ unit: PostgresSession.Unit, _ piece: PostgresDecoder.Piece,
        _ part: UnsafeRawBufferPointer, _ progress: inout Progress
    ) -> Bool {
        guard flush(half, &progress) else { return false }
        let decision: Decision
        let message: MessageInPassing
        var unit = unit
        if let held = release(half) {
            (decision, message) = held
        } else {
            unit = flow.session.numbered(unit)
            message = begin(half, flow, unit)
            decision = decide(.request, unit, message, isRefusedAnyway: flow.session.refuses(unit))
            note(decision, on: message)
        }
        if let isGoingOn = meet(half, decision, message, part) {
            if half.pointee.isHeld {
                flow.heldRequest = (piece, unit)
                return isGoingOn
            }
            progress.skip(part.count)
            // It may be less than the fault lets pass.
            guard isGoingOn, piece.endsMessage, !isEnding, half.pointee.message === message else { return isGoingOn }
            return finishRequest(half, flow, message)
        }
        progress.skip(part.count)
        message.size = flow.partBytes
        flow.partBytes = 0
        guard carryOut(half, flow, unit, decision, message, piece, part) else { return false }
        return !piece.endsMessage || isEnding || finishRequest(half, flow, message)
    }

    private func begin(
        _ half: HalfPointer, _ flow: PostgresFlow, _ unit: PostgresSession.Unit
    ) -> MessageInPassing {
        flow.count += 1
        let message = MessageInPassing(time: loop.now)
        (message.exchange, message.operation, message.key) = (flow.count, unit.operation, unit.key)
        message.transaction = unit.transaction
        half.pointee.message = message
        return message
    }

    func decide(
        _ direction: Direction, _ unit: PostgresSession.Unit, _ message: MessageInPassing, isRefusedAnyway: Bool = false
    ) -> Decision {
        guard link.isTouched else { return Decision() }
        var hash = StableHash()
        hash.mix(unit.operation)
        hash.mix(unit.key)
        return link.decide(
            Message(
                direction: direction, operation: unit.operation, key: unit.key,
                content: MessageContent(statement: unit.statement, parameters: unit.parameters),
                isRefusedAnyway: isRefusedAnyway, clientPort: portInSight),
            call: hash.value, connection: number)
    }

    private func carryOut(
        _ half: HalfPointer, _ flow: PostgresFlow, _ unit: PostgresSession.Unit, _ decision: Decision,
        _ message: MessageInPassing, _ piece: PostgresDecoder.Piece, _ part: UnsafeRawBufferPointer
    ) -> Bool {
        switch decision.ending {
        case .reply(let reply): return refuse(half, flow, unit, SQLError(reply), message, part)
        case .replyAfter(let reply, let window):
            pass(flow, unit, message, .refusedAfter(SQLError(reply), window: window))
            if unit.kind == .execute { flow.dropsToSync = true }
            pauseAfter(flow, unit)
        default:
            if let duplicate = decision.duplicate {
                return sendTwice(half, flow, unit, duplicate, message, piece, part)
            }
            pass(flow, unit, message, .pass)
        }
        return passPart(half, message, part)
    }

    /// A unit goes to the server.
    private func pass(
        _ flow: PostgresFlow, _ unit: PostgresSession.Unit, _ message: MessageInPassing,
        _ treatment: PostgresFlow.Treatment
    ) {
        flow.session.sent(unit.kind, exchange: message.exchange)
        flow.open.append(PostgresFlow.Open(exchange: message.exchange, unit: unit, treatment: treatment))
    }

    /// What the client sends behind a unit waits until the link has done what it must.
    private func pauseAfter(_ flow: PostgresFlow, _ unit: PostgresSession.Unit) {
        if unit.kind == .execute { flow.pausesAtSync = true } else { flow.pausesAfterMessage = true }
    }

    private func refuse(
        _ half: HalfPointer, _ flow: PostgresFlow, _ unit: PostgresSession.Unit, _ error: SQLError,
        _ message: MessageInPassing, _ part: UnsafeRawBufferPointer
    ) -> Bool {
        (message.size, message.isSwallowed) = (message.size + part.count, true)
        if error.isFatal || unit.kind == .startup { return shutOut(flow, unit, error, message) }
        pass(flow, unit, message, .refused(error))
        flow.open[flow.open.count - 1].window = message.window
        pauseAfter(flow, unit)
        let reason = "injects \(error.sqlstate) in place of \(unit.operation)"
        var bytes: [UInt8]
        switch unit.kind {
        case .execute: bytes = PostgresWriting.failingParse(reason)
        case .prepare: bytes = PostgresWriting.failingParse(reason) + Array(part)
        default: bytes = PostgresWriting.failingQuery(reason)
        }
        return bytes.withUnsafeBytes { emit(half, $0) }
    }

    /// The server ends the session; so the link does.
    private func shutOut(
        _ flow: PostgresFlow, _ unit: PostgresSession.Unit, _ error: SQLError, _ message: MessageInPassing
    ) -> Bool {
        var fatal = error
        fatal.endsSession = true
        let bytes = PostgresWriting.error(fatal)
        let answer = MessageInPassing(time: loop.now)
        (answer.exchange, answer.operation, answer.key) = (message.exchange, unit.operation, unit.key)
        (answer.size, answer.action, answer.window) = (bytes.count, .replied, message.window)
        (answer.code, answer.transaction) = (error.sqlstate, unit.transaction)
        settle(request, message)
        record(answer, .response)
        guard bytes.withUnsafeBytes({ emit(response, $0) }) else { return false }
        ending = Ending(half: response, kind: .closed)
        return true
    }

    private func sendTwice(
        _ half: HalfPointer, _ flow: PostgresFlow, _ unit: PostgresSession.Unit, _ duplicate: Decision.Duplicate,
        _ message: MessageInPassing, _ piece: PostgresDecoder.Piece, _ part: UnsafeRawBufferPointer
    ) -> Bool {
        let run = unit.kind == .execute ? flow.bind : nil
        let isPossible = unit.kind == .query || run != nil
        let length = piece.messageLength + (run?.bytes.count ?? 0)
        guard isPossible, piece.endsMessage, length <= duplicate.upTo else {
            link.decline(duplicate.window)
            pass(flow, unit, message, .pass)
            return passPart(half, message, part)
        }
        link.confirm(duplicate.window)
        message.action = .duplicated
        message.claim(by: duplicate.window)
        pass(flow, unit, message, unit.kind == .query ? .first : .pass)
        var second = Array(part)
        if let run {
            let close = run.portal.isEmpty ? [] : PostgresWriting.closePortal(run.portal)
            second = close + run.bytes + second
            flow.session.sentBind(afterClose: !run.portal.isEmpty)
        } else {
            flow.pausesAfterMessage = true
        }
        flow.count += 1
        flow.session.sent(unit.kind, exchange: flow.count)
        flow.open.append(PostgresFlow.Open(exchange: flow.count, unit: unit, treatment: .second))
        return passPart(half, message, part) && second.withUnsafeBytes { emit(half, $0) }
    }

    /// More of the message that a unit has begun with, or of another.
    private func goOn(
        _ half: HalfPointer, _ flow: PostgresFlow, _ piece: PostgresDecoder.Piece, _ part: UnsafeRawBufferPointer,
        _ progress: inout Progress
    ) -> Bool {
        if let message = half.pointee.message {
            guard flush(half, &progress) else { return false }
            progress.skip(part.count)
            guard passPart(half, message, part) else { return false }
            return !piece.endsMessage || isEnding || finishRequest(half, flow, message)
        }
        if flow.dropsRequest {
            flow.dropsRequest = !piece.endsMessage
            return drop(half, part, &progress)
        }
        progress.position += part.count
        return true
    }

    /// The operative message of a unit is whole.
    private func finishRequest(_ half: HalfPointer, _ flow: PostgresFlow, _ message: MessageInPassing) -> Bool {
        plain(half)
        if let isGoingOn = finishOrEnd(half, message) { return isGoingOn }
        if half.pointee.message === message { settle(half, message) }
        if flow.pausesAfterMessage {
            flow.pausesAfterMessage = false
            half.pointee.isPaused = true
        }
        return true
    }
}

extension SQLError {
    /// The error that an answer of the proxy's comes to on a `postgres` link.
    fileprivate init(_ reply: Reply) {
        switch reply {
        case .sql(let error): self = error
        case .refusal(let refusal): self.init(refusal)
        case .http, .redis, .bolt: self.init(.retryable)
        }
    }
}
