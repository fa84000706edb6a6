import Faults
import Reactor
import Wire

/// How a `bolt` link takes what the client sends apart.
extension Connection {
    func consumeRequests(_ half: HalfPointer, _ flow: BoltFlow, _ bytes: UnsafeRawBufferPointer) -> Int? {
        takeApart(half, bytes) { progress throws(WireError) in
            let piece: BoltDecoder.Piece?
            if let waiting = flow.waiting {
                piece = waiting.piece
            } else {
                piece = try flow.requests.next(progress.rest.bytes)
            }
            guard let piece else {
                // Nothing can be made of what comes before there is a version.
                if flow.requests.awaitsAgreement { half.pointee.isPaused = true }
                return .needsMore
            }
            return Step(isGoingOn: take(half, flow, piece, progress.part(piece.length), &progress))
        }
    }

    private func take(
        _ half: HalfPointer, _ flow: BoltFlow, _ piece: BoltDecoder.Piece, _ part: UnsafeRawBufferPointer,
        _ progress: inout Progress
    ) -> Bool {
        switch piece.kind {
        case .handshake:
            if !flow.agree() { flow.noteVersion() }
            progress.position += part.count
        case .noop: progress.position += part.count
        case .rest: return goOn(half, flow, piece, part, &progress)
        case .message(let tag):
            if let unit = flow.waiting?.unit {
                flow.waiting = nil
                return run(half, flow, unit, piece, part, &progress)
            }
            guard mayGo(tag, flow) else {
                flow.waiting = (piece, nil)
                half.pointee.isPaused = true
                return true
            }
            flow.waiting = nil
            return take(half, flow, tag, piece, part, &progress)
        }
        return true
    }

    private func take(
        _ half: HalfPointer, _ flow: BoltFlow, _ tag: UInt8, _ piece: BoltDecoder.Piece,
        _ part: UnsafeRawBufferPointer, _ progress: inout Progress
    ) -> Bool {
        flow.session.keepsParameters = link.interest.contains(.parameters)
        switch flow.session.request(tag, flow.requests.beginning.span.bytes) {
        case .unit(let unit): return run(half, flow, unit, piece, part, &progress)
        case .more(let exchange):
            if let index = flow.index(of: exchange) { flow.open[index].outstanding += 1 }
        case .aside, .farewell: break
        }
        progress.position += part.count
        return true
    }

    /// Whether a message may be dealt with now. Where the link is to send something behind a unit, others wait for it. A RESET
    /// doesn't, nor what comes while it is the client's turn to ask for more of that unit: then it can't be done.
    private func mayGo(_ tag: UInt8, _ flow: BoltFlow) -> Bool {
        guard let index = flow.index(of: flow.barrier) else { return true }
        switch tag {
        case BoltTag.pull, BoltTag.discard, BoltTag.logon, BoltTag.goodbye: return true
        case BoltTag.reset: break
        default: guard flow.open[index].outstanding == 0 else { return false }
        }
        decline(flow, index)
        return true
    }

    /// What a window wanted of a unit cannot be done: it passes as it is.
    func decline(_ flow: BoltFlow, _ index: Int) {
        switch flow.open[index].treatment {
        case .refusedAfter(_, let window), .applied(_, let window), .twice(let window): link.decline(window)
        case .pass, .refused, .again: break
        }
        flow.open[index].treatment = .pass
        (flow.barrier, flow.copy) = (0, nil)
    }

    // MARK: Units

    /// The operative message of a unit.
    private func run(
        _ half: HalfPointer, _ flow: BoltFlow, _ unit: BoltSession.Unit, _ piece: BoltDecoder.Piece,
        _ part: UnsafeRawBufferPointer, _ progress: inout Progress
    ) -> Bool {
        guard flush(half, &progress) else { return false }
        let decision: Decision
        let message: MessageInPassing
        if let held = release(half) {
            (decision, message) = held
        } else {
            message = begin(half, flow, unit)
            decision = decide(.request, unit, isRefusedAnyway: flow.session.refuses(unit))
            note(decision, on: message)
        }
        if let isGoingOn = meet(half, decision, message, part) {
            if half.pointee.isHeld { flow.waiting = (piece, unit) } else { progress.skip(part.count) }
            return isGoingOn
        }
        progress.skip(part.count)
        guard carryOut(half, flow, unit, decision, message, part) else { return false }
        return !piece.endsMessage || isEnding || finishRequest(half, message)
    }

    private func begin(_ half: HalfPointer, _ flow: BoltFlow, _ unit: BoltSession.Unit) -> MessageInPassing {
        flow.count += 1
        let message = MessageInPassing(time: loop.now)
        (message.exchange, message.operation, message.key) = (flow.count, unit.operation, unit.key)
        message.transaction = unit.transaction
        half.pointee.message = message
        return message
    }

    func decide(_ direction: Direction, _ unit: BoltSession.Unit, isRefusedAnyway: Bool = false) -> Decision {
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
        _ half: HalfPointer, _ flow: BoltFlow, _ unit: BoltSession.Unit, _ decision: Decision,
        _ message: MessageInPassing, _ part: UnsafeRawBufferPointer
    ) -> Bool {
        switch decision.ending {
        case .reply(let reply): return refuse(half, flow, unit, BoltFailure(reply), message, part)
        case .replyAfter(let reply, let window):
            pass(flow, unit, message, .refusedAfter(BoltFailure(reply), window: window))
        default:
            if let duplicate = decision.duplicate, unit.kind == .run, part.count <= duplicate.upTo {
                (flow.copy, flow.copyMax) = (Array(part), duplicate.upTo)
                pass(flow, unit, message, .twice(window: duplicate.window))
            } else {
                if let duplicate = decision.duplicate { link.decline(duplicate.window) }
                pass(flow, unit, message, .pass)
            }
        }
        return passPart(half, message, part)
    }

    /// A unit goes to the server.
    private func pass(
        _ flow: BoltFlow, _ unit: BoltSession.Unit, _ message: MessageInPassing, _ treatment: BoltFlow.Treatment
    ) {
        flow.session.sent(unit.kind, exchange: message.exchange)
        flow.open.append(BoltFlow.Open(exchange: message.exchange, unit: unit, treatment: treatment))
        if treatment.isBarrier { flow.barrier = message.exchange }
    }

    private func refuse(
        _ half: HalfPointer, _ flow: BoltFlow, _ unit: BoltSession.Unit, _ failure: BoltFailure,
        _ message: MessageInPassing, _ part: UnsafeRawBufferPointer
    ) -> Bool {
        (message.size, message.isSwallowed) = (message.size + part.count, true)
        if unit.isStartup { return shutOut(flow, unit, failure, message) }
        flow.session.sentFailing(exchange: message.exchange, isRun: unit.kind == .run)
        flow.open.append(
            BoltFlow.Open(
                exchange: message.exchange, unit: unit, treatment: .refused(failure), window: message.window))
        let bytes = BoltWriting.failingRun("injects \(failure.code) in place of \(unit.operation)")
        return bytes.withUnsafeBytes { emit(half, $0) }
    }

    /// The server ends a session that it does not let begin; so the link does.
    private func shutOut(
        _ flow: BoltFlow, _ unit: BoltSession.Unit, _ failure: BoltFailure, _ message: MessageInPassing
    ) -> Bool {
        let answer = MessageInPassing(time: loop.now)
        (answer.exchange, answer.operation, answer.window) = (message.exchange, unit.operation, message.window)
        settle(request, message)
        return giveLast(failure, flow, answer)
    }

    /// The client hears an error, and then the connection ends.
    func giveLast(_ failure: BoltFailure, _ flow: BoltFlow, _ answer: MessageInPassing) -> Bool {
        let bytes = BoltWriting.failure(failure, flow.session.version)
        (answer.size, answer.action, answer.code) = (answer.size + bytes.count, .replied, failure.code)
        response.pointee.message = nil
        record(answer, .response)
        guard bytes.withUnsafeBytes({ emit(response, $0) }) else { return false }
        ending = Ending(half: response, kind: .closed)
        return true
    }

    /// More of the message that a unit has begun with, or of another.
    private func goOn(
        _ half: HalfPointer, _ flow: BoltFlow, _ piece: BoltDecoder.Piece, _ part: UnsafeRawBufferPointer,
        _ progress: inout Progress
    ) -> Bool {
        guard let message = half.pointee.message else {
            progress.position += part.count
            return true
        }
        guard flush(half, &progress) else { return false }
        progress.skip(part.count)
        if let copy = flow.copy, message.exchange == flow.barrier, let index = flow.index(of: flow.barrier) {
            if copy.count + part.count > flow.copyMax {
                decline(flow, index)
            } else {
                flow.copy?.append(contentsOf: part)
            }
        }
        guard passPart(half, message, part) else { return false }
        return !piece.endsMessage || isEnding || finishRequest(half, message)
    }

    /// The operative message of a unit is whole.
    private func finishRequest(_ half: HalfPointer, _ message: MessageInPassing) -> Bool {
        plain(half)
        if let isGoingOn = finishOrEnd(half, message) { return isGoingOn }
        if half.pointee.message === message { settle(half, message) }
        return true
    }
}

extension BoltFailure {
    /// The error that an answer of the proxy's comes to on a `bolt` link.
    fileprivate init(_ reply: Reply) {
        switch reply {
        case .bolt(let failure): self = failure
        case .refusal(let refusal): self.init(refusal)
        case .http, .sql, .redis: self.init(.retryable)
        }
    }
}
