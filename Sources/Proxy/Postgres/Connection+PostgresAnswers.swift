import Faults
import Reactor
import Wire

/// How a `postgres` link takes what the server sends apart.
extension Connection {
    func consumeAnswers(_ half: HalfPointer, _ flow: PostgresFlow, _ bytes: UnsafeRawBufferPointer) -> Int? {
        takeApart(half, bytes) { progress throws(WireError) in
            let piece: PostgresDecoder.Piece?
            if let held = flow.heldAnswer {
                piece = held.piece
            } else {
                piece = try flow.answers.next(progress.rest.bytes)
            }
            guard let piece else { return .needsMore }
            let part = progress.part(piece.length)
            if case .rest = piece.kind { return Step(isGoingOn: goOn(half, flow, piece, part, &progress)) }
            let answer = flow.heldAnswer?.answer ?? flow.session.answer(part[0], part.bytes)
            return Step(isGoingOn: take(half, flow, answer, part[0], piece, part, &progress))
        }
    }

    /// More of a message, which passes or not as its beginning did.
    private func goOn(
        _ half: HalfPointer, _ flow: PostgresFlow, _ piece: PostgresDecoder.Piece, _ part: UnsafeRawBufferPointer,
        _ progress: inout Progress
    ) -> Bool {
        defer { if piece.endsMessage { flow.dropsAnswer = false } }
        if flow.dropsAnswer { return drop(half, part, &progress) }
        return pass(half, part, &progress)
    }

    private func take(
        _ half: HalfPointer, _ flow: PostgresFlow, _ answer: PostgresSession.Answer, _ type: UInt8,
        _ piece: PostgresDecoder.Piece, _ part: UnsafeRawBufferPointer, _ progress: inout Progress
    ) -> Bool {
        flow.dropsAnswer = false
        if let message = half.pointee.message, message.action == .lost {
            flow.dropsAnswer = !piece.endsMessage
            guard drop(half, part, &progress) else { return false }
            // A client that is to send data would wait for ever to hear of it.
            guard answer.ready != nil || answer.wantsCopy else { return true }
            end(.reset)
            return false
        }
        let open = answer.exchange == 0 ? nil : flow.unit(answering: answer.exchange)
        if let open, !answer.isAside || open.unit.kind == .startup {
            switch begin(half, flow, open, answer, piece, part, &progress) {
            case .goesOn: break
            case .isDone(let isGoingOn): return isGoingOn
            }
        }
        if answer.wantsCopy { copyBegins(flow) }
        guard let open else {
            if answer.ready != nil { return becomesReady(half, flow, answer, part, &progress) }
            return pass(half, part, &progress)
        }
        return treat(half, flow, open, answer, type, piece, part, &progress)
    }

    private enum Beginning {
        case goesOn
        case isDone(Bool)
    }

    /// Decides on a unit's answer when its first message is there.
    private func begin(
        _ half: HalfPointer, _ flow: PostgresFlow, _ open: PostgresFlow.Open, _ answer: PostgresSession.Answer,
        _ piece: PostgresDecoder.Piece, _ part: UnsafeRawBufferPointer, _ progress: inout Progress
    ) -> Beginning {
        let decision: Decision
        let message: MessageInPassing
        if let held = release(half) {
            flow.heldAnswer = nil
            (decision, message) = held
        } else {
            guard half.pointee.message?.exchange != open.exchange, open.treatment.isTold else { return .goesOn }
            guard flush(half, &progress) else { return .isDone(false) }
            message = MessageInPassing(time: loop.now)
            (message.exchange, message.operation, message.key) = (open.exchange, open.unit.operation, open.unit.key)
            (message.transaction, message.window) = (open.unit.transaction, open.window)
            half.pointee.message = message
            guard case .pass = open.treatment else { return .goesOn }
            decision = decide(.response, open.unit, message)
            note(decision, on: message)
        }
        if let isGoingOn = meet(half, decision, message, part) {
            if half.pointee.isHeld {
                flow.heldAnswer = (piece, answer)
                return .isDone(isGoingOn)
            }
            progress.skip(part.count)
            flow.dropsAnswer = !piece.endsMessage && message.action == .lost
            // Nothing more to wait for: it was the whole answer, or the client must answer before more comes.
            let isAll = answer.ready != nil || answer.wantsCopy || open.unit.kind == .startup
            if isGoingOn, message.action == .lost, isAll {
                end(.reset)
                return .isDone(false)
            }
            // It may be less than the fault lets pass.
            let isWhole = isGoingOn && answer.endsUnit && message.bytesLeft != nil && !isEnding
            return .isDone(isWhole ? finishAnswer(half, flow, open) : isGoingOn)
        }
        if case .truncate(let after) = decision.ending { message.bytesLeft = after }
        return .goesOn
    }

    /// The client is to send data now, so that it can wait for nothing.
    private func copyBegins(_ flow: PostgresFlow) {
        (flow.dropsToSync, flow.pausesAtSync) = (false, false)
        request.pointee.isPaused = false
    }

    private func treat(
        _ half: HalfPointer, _ flow: PostgresFlow, _ open: PostgresFlow.Open, _ answer: PostgresSession.Answer,
        _ type: UInt8, _ piece: PostgresDecoder.Piece, _ part: UnsafeRawBufferPointer, _ progress: inout Progress
    ) -> Bool {
        if let state = answer.ready, flow.atReady != nil {
            return drop(half, part, &progress) && finishAnswer(half, flow, open) && settleReady(half, flow, state)
        }
        let isError = !answer.sqlstate.isEmpty
        if isError { half.pointee.message?.code = answer.sqlstate }
        var passes = true
        switch open.treatment {
        case .pass: break
        case .refused(let error):
            if isError {
                flow.dropsAnswer = !piece.endsMessage
                guard drop(half, part, &progress) else { return false }
                return refused(half, flow, open, error, answer)
            }
            passes = answer.ready != nil
        case .refusedAfter(let error, let window):
            if isError {
                link.decline(window)
                flow.open[0].treatment = .pass
            } else if answer.endsUnit, let message = half.pointee.message {
                flow.atReady = .refuse(error, window: window, message: message)
                half.pointee.message = nil
                plain(half)
                flow.close(open.exchange)
                guard answer.ready == nil else { return becomesReady(half, flow, answer, part, &progress) }
                flow.dropsAnswer = !piece.endsMessage
                return drop(half, part, &progress)
            } else {
                passes = Self.comesBeforeResults(type)
            }
        case .first:
            if answer.ready != nil {
                guard drop(half, part, &progress) else { return false }
                return finishAnswer(half, flow, open)
            }
        case .second: passes = isError || answer.ready != nil
        case .own(let bytes):
            guard drop(half, part, &progress) else { return false }
            guard answer.ready != nil else {
                flow.dropsAnswer = !piece.endsMessage
                return true
            }
            flow.close(open.exchange)
            return bytes.withUnsafeBytes { emit(half, $0) } && resumeRequests()
        }
        if passes {
            guard pass(half, part, &progress) else { return false }
        } else {
            flow.dropsAnswer = !piece.endsMessage
            guard drop(half, part, &progress) else { return false }
        }
        guard answer.endsUnit, !isEnding else { return true }
        guard flush(half, &progress), finishAnswer(half, flow, open) else { return false }
        return answer.ready == nil || isEnding || afterReady(flow)
    }

    /// What tells of results to come, or asks for data.
    private static func comesBeforeResults(_ type: UInt8) -> Bool {
        switch type {
        case UInt8(ascii: "1"), UInt8(ascii: "2"), UInt8(ascii: "3"), UInt8(ascii: "t"), UInt8(ascii: "T"),
            UInt8(ascii: "n"), UInt8(ascii: "G"), UInt8(ascii: "W"):
            true
        default: false
        }
    }

    /// The server has failed as it was meant to.
    private func refused(
        _ half: HalfPointer, _ flow: PostgresFlow, _ open: PostgresFlow.Open, _ error: SQLError,
        _ answer: PostgresSession.Answer
    ) -> Bool {
        if open.unit.control == .commit { flow.atReady = .endTransaction }
        let bytes = PostgresWriting.error(error)
        if let message = half.pointee.message {
            (message.action, message.code) = (.replied, error.sqlstate)
            message.size += bytes.count
        }
        guard bytes.withUnsafeBytes({ emit(half, $0) }) else { return false }
        return !answer.endsUnit || finishAnswer(half, flow, open)
    }

    /// A unit is answered; false when the connection is over.
    private func finishAnswer(_ half: HalfPointer, _ flow: PostgresFlow, _ open: PostgresFlow.Open) -> Bool {
        flow.close(open.exchange)
        plain(half)
        guard let message = half.pointee.message else { return true }
        if let isGoingOn = finishOrEnd(half, message) { return isGoingOn }
        settle(half, message)
        return true
    }

    // MARK: Ready

    /// A ReadyForQuery that ends a batch, or a unit that was applied and is refused.
    private func becomesReady(
        _ half: HalfPointer, _ flow: PostgresFlow, _ answer: PostgresSession.Answer, _ part: UnsafeRawBufferPointer,
        _ progress: inout Progress
    ) -> Bool {
        guard flow.atReady != nil else {
            guard pass(half, part, &progress), flush(half, &progress) else { return false }
            return afterReady(flow)
        }
        guard drop(half, part, &progress) else { return false }
        return settleReady(half, flow, answer.ready ?? .idle)
    }

    /// A ReadyForQuery has passed.
    private func afterReady(_ flow: PostgresFlow) -> Bool {
        flow.becameReady()
        return resumeRequests()
    }

    private func settleReady(_ half: HalfPointer, _ flow: PostgresFlow, _ state: PostgresSession.State) -> Bool {
        guard let atReady = flow.atReady else { return true }
        flow.becameReady()
        switch atReady {
        case .endTransaction:
            if state == .idle { return give(PostgresWriting.ready(state), flow) }
            return sendOwn(PostgresWriting.query("ROLLBACK"), flow, thenGive: PostgresWriting.ready(.idle))
        case .refuse(let error, let window, let message):
            link.confirm(window)
            let bytes = PostgresWriting.error(error)
            (message.action, message.code, message.size) = (.replied, error.sqlstate, bytes.count)
            message.claim(by: window)
            record(message, .response)
            guard state == .inTransaction else { return give(bytes + PostgresWriting.ready(state), flow) }
            let failing = PostgresWriting.failingQuery("fails the transaction of \(message.operation)")
            return sendOwn(failing, flow, thenGive: bytes + PostgresWriting.ready(.failed))
        }
    }

    private func give(_ bytes: [UInt8], _ flow: PostgresFlow) -> Bool {
        bytes.withUnsafeBytes { emit(response, $0) } && resumeRequests()
    }

    /// Sends a query of the link's own; the client gets something when it is over.
    private func sendOwn(_ query: [UInt8], _ flow: PostgresFlow, thenGive answer: [UInt8]) -> Bool {
        flow.count += 1
        flow.session.sent(.query, exchange: flow.count)
        let unit = PostgresSession.Unit(kind: .query, operation: "")
        flow.open.append(PostgresFlow.Open(exchange: flow.count, unit: unit, treatment: .own(answer)))
        return query.withUnsafeBytes { emit(request, $0) }
    }
}

extension PostgresFlow.Treatment {
    /// Whether the history tells of the answer.
    fileprivate var isTold: Bool {
        switch self {
        case .second, .own: false
        default: true
        }
    }
}
