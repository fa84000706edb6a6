import Faults
import Reactor
import Wire

/// How a `bolt` link takes what the server sends apart.
extension Connection {
    func consumeAnswers(_ half: HalfPointer, _ flow: BoltFlow, _ bytes: UnsafeRawBufferPointer) -> Int? {
        takeApart(half, bytes) { progress throws(WireError) in
            let piece: BoltDecoder.Piece?
            if let held = flow.heldAnswer {
                piece = held.piece
            } else {
                piece = try flow.answers.next(progress.rest.bytes)
            }
            guard let piece else { return .needsMore }
            return Step(isGoingOn: take(half, flow, piece, progress.part(piece.length), &progress))
        }
    }

    private func take(
        _ half: HalfPointer, _ flow: BoltFlow, _ piece: BoltDecoder.Piece, _ part: UnsafeRawBufferPointer,
        _ progress: inout Progress
    ) -> Bool {
        switch piece.kind {
        case .handshake:
            progress.position += part.count
            return !flow.agree() || flush(half, &progress) && resumeRequests()
        case .noop:
            if flow.lost != 0 { return drop(half, part, &progress) }
            progress.position += part.count
            return true
        case .rest:
            defer { if piece.endsMessage { flow.dropsAnswer = false } }
            if flow.dropsAnswer { return drop(half, part, &progress) }
            return pass(half, part, &progress)
        case .message(let tag):
            flow.dropsAnswer = false
            if let held = flow.heldAnswer { return answer(half, flow, held.answer, piece, part, &progress) }
            let answer = flow.session.answer(tag, flow.answers.beginning.span.bytes)
            if answer.isSummary, let index = flow.index(of: answer.exchange) { flow.open[index].outstanding -= 1 }
            return self.answer(half, flow, answer, piece, part, &progress)
        }
    }

    private func dropMessage(
        _ half: HalfPointer, _ flow: BoltFlow, _ piece: BoltDecoder.Piece, _ part: UnsafeRawBufferPointer,
        _ progress: inout Progress
    ) -> Bool {
        flow.dropsAnswer = !piece.endsMessage
        return drop(half, part, &progress)
    }

    /// A message of the server's, whose unit is known now.
    private func answer(
        _ half: HalfPointer, _ flow: BoltFlow, _ answer: BoltSession.Answer, _ piece: BoltDecoder.Piece,
        _ part: UnsafeRawBufferPointer, _ progress: inout Progress
    ) -> Bool {
        if flow.lost != 0 {
            guard dropMessage(half, flow, piece, part, &progress) else { return false }
            return answer.exchange != flow.lost || goOnLosing(flow, answer)
        }
        guard let index = flow.index(of: answer.exchange) else {
            // Of a unit that has failed, the rest is ignored; what the link asked for itself is nobody's business.
            guard flush(half, &progress), suspend(half, flow) else { return false }
            return answer.isOwn ? dropMessage(half, flow, piece, part, &progress) : pass(half, part, &progress)
        }
        switch begin(half, flow, index, answer, piece, part, &progress) {
        case .goesOn: break
        case .isDone(let isGoingOn): return isGoingOn
        }
        if answer.kind == .failure { half.pointee.message?.code = answer.code }
        guard treat(half, flow, flow.open[index], answer, piece, part, &progress) else { return false }
        if answer.endsResults { closeResults(flow) }
        return true
    }

    /// The half leaves the answer that it was in the middle of, for one of another unit.
    private func suspend(_ half: HalfPointer, _ flow: BoltFlow) -> Bool {
        guard half.pointee.message != nil else { return true }
        half.pointee.message = nil
        plain(half)
        return true
    }

    private enum Beginning {
        case goesOn
        case isDone(Bool)
    }

    /// Decides on a unit's answer when its first message is there.
    private func begin(
        _ half: HalfPointer, _ flow: BoltFlow, _ index: Int, _ answer: BoltSession.Answer, _ piece: BoltDecoder.Piece,
        _ part: UnsafeRawBufferPointer, _ progress: inout Progress
    ) -> Beginning {
        let open = flow.open[index]
        let decision: Decision
        let message: MessageInPassing
        if let held = release(half) {
            flow.heldAnswer = nil
            (decision, message) = held
        } else if let known = open.answer {
            guard half.pointee.message !== known else { return .goesOn }
            guard flush(half, &progress), suspend(half, flow) else { return .isDone(false) }
            half.pointee.message = known
            shape(half, open.decision, known)
            return .goesOn
        } else {
            guard flush(half, &progress), suspend(half, flow) else { return .isDone(false) }
            message = MessageInPassing(time: loop.now)
            (message.exchange, message.operation, message.key) = (open.exchange, open.unit.operation, open.unit.key)
            (message.transaction, message.window) = (open.unit.transaction, open.window)
            half.pointee.message = message
            flow.open[index].answer = message
            guard open.treatment.isPass else { return .goesOn }
            decision = decide(.response, open.unit)
            note(decision, on: message)
        }
        flow.open[index].decision = decision
        if let isGoingOn = meet(half, decision, message, part) {
            if half.pointee.isHeld {
                flow.heldAnswer = (piece, answer)
                return .isDone(isGoingOn)
            }
            progress.skip(part.count)
            guard isGoingOn, message.action == .lost else {
                // It was less than the fault lets pass.
                let isWhole = isGoingOn && answer.endsUnit && message.bytesLeft != nil && !isEnding
                return .isDone(isWhole ? finishAnswer(half, flow, open) : isGoingOn)
            }
            (flow.lost, flow.dropsAnswer) = (open.exchange, !piece.endsMessage)
            return .isDone(goOnLosing(flow, answer))
        }
        if case .truncate(let after) = decision.ending { message.bytesLeft = after }
        return .goesOn
    }

    // MARK: Lost answers

    /// An answer is awaited whole; the connection breaks when it is there. What the client would have asked for, and now will
    /// not, the link asks for.
    private func goOnLosing(_ flow: BoltFlow, _ answer: BoltSession.Answer) -> Bool {
        guard let index = flow.index(of: flow.lost), !answer.endsUnit else {
            end(.reset)
            return false
        }
        guard answer.isSummary, flow.open[index].outstanding == 0 else { return true }
        guard flow.open[index].unit.kind == .run, flow.requests.isBetweenMessages else {
            end(.reset)
            return false
        }
        flow.session.sentDiscard(exchange: flow.lost)
        flow.open[index].outstanding += 1
        let bytes = BoltWriting.discard(result: flow.session.number(of: flow.lost))
        return bytes.withUnsafeBytes { emit(request, $0) }
    }

    // MARK: What passes, and what comes in its place

    private func treat(
        _ half: HalfPointer, _ flow: BoltFlow, _ open: BoltFlow.Open, _ answer: BoltSession.Answer,
        _ piece: BoltDecoder.Piece, _ part: UnsafeRawBufferPointer, _ progress: inout Progress
    ) -> Bool {
        switch open.treatment {
        case .pass:
            if open.unit.kind == .route, answer.kind == .success {
                return reroute(half, flow, open, piece, part, &progress)
            }
        case .refused(let failure):
            if answer.kind != .ignored {
                guard dropMessage(half, flow, piece, part, &progress) else { return false }
                return give(half, flow, open, failure, answer)
            }
        case .applied(let failure, let window):
            if answer.kind != .ignored {
                guard dropMessage(half, flow, piece, part, &progress) else { return false }
                link.confirm(window)
                half.pointee.message?.claim(by: window)
                return give(half, flow, open, failure, answer)
            }
            link.decline(window)
        case .refusedAfter(let failure, let window):
            if answer.endsUnit, answer.kind == .success {
                guard dropMessage(half, flow, piece, part, &progress) else { return false }
                return fail(half, flow, open, failure, window)
            }
        case .twice(let window):
            if answer.endsUnit, answer.kind == .success, piece.endsMessage, flow.copy != nil {
                guard drop(half, part, &progress) else { return false }
                return sendAgain(flow, open, window, last: Array(part))
            }
        case .again(let last):
            if answer.kind != .failure {
                guard dropMessage(half, flow, piece, part, &progress) else { return false }
                return !answer.endsUnit || giveFirst(half, flow, open, last)
            }
        }
        guard pass(half, part, &progress) else { return false }
        if open.treatment.isBarrier { return settleBarrier(half, flow, open, answer, &progress) }
        guard answer.endsUnit, !isEnding else { return true }
        return flush(half, &progress) && finishAnswer(half, flow, open)
    }

    /// What was to be sent behind a unit is not, as the unit has failed or its client wants something else before its end.
    private func settleBarrier(
        _ half: HalfPointer, _ flow: BoltFlow, _ open: BoltFlow.Open, _ answer: BoltSession.Answer,
        _ progress: inout Progress
    ) -> Bool {
        guard answer.isSummary, let index = flow.index(of: open.exchange) else { return true }
        if answer.endsUnit {
            decline(flow, index)
            guard flush(half, &progress), finishAnswer(half, flow, open) else { return false }
            return resumeRequests()
        }
        guard flow.open[index].outstanding == 0, request.pointee.isPaused else { return true }
        decline(flow, index)
        return flush(half, &progress) && resumeRequests()
    }

    /// The server has failed as it was meant to.
    private func give(
        _ half: HalfPointer, _ flow: BoltFlow, _ open: BoltFlow.Open, _ failure: BoltFailure,
        _ answer: BoltSession.Answer
    ) -> Bool {
        guard answer.kind == .failure, let message = half.pointee.message else {
            // It took what cannot be run for a query, and is in another state than its client shall believe.
            end(.reset)
            return false
        }
        let bytes = BoltWriting.failure(failure, flow.session.version)
        (message.action, message.code) = (.replied, failure.code)
        message.size += bytes.count
        return bytes.withUnsafeBytes { emit(half, $0) } && finishAnswer(half, flow, open)
    }

    /// The server has done what the client shall hear an error of: now it fails.
    private func fail(
        _ half: HalfPointer, _ flow: BoltFlow, _ open: BoltFlow.Open, _ failure: BoltFailure, _ window: Int
    ) -> Bool {
        guard !open.unit.isStartup else {
            link.confirm(window)
            let message = half.pointee.message ?? MessageInPassing(time: loop.now)
            message.claim(by: window)
            flow.close(open.exchange)
            return giveLast(failure, flow, message)
        }
        flow.barrier = 0
        if let index = flow.index(of: open.exchange) {
            flow.open[index].treatment = .applied(failure, window: window)
            flow.open[index].outstanding = 1
        }
        flow.session.sentFailing(exchange: open.exchange, isRun: false)
        let bytes = BoltWriting.failingRun("injects \(failure.code) behind \(open.unit.operation)")
        return bytes.withUnsafeBytes { emit(request, $0) } && resumeRequests()
    }

    private func sendAgain(_ flow: BoltFlow, _ open: BoltFlow.Open, _ window: Int, last: [UInt8]) -> Bool {
        let query = flow.copy ?? []
        (flow.barrier, flow.copy) = (0, nil)
        link.confirm(window)
        if let index = flow.index(of: open.exchange) {
            flow.open[index].treatment = .again(last: last)
            flow.open[index].window = window
            flow.open[index].outstanding = 2
        }
        flow.session.sentAgain(exchange: open.exchange)
        let bytes = query + BoltWriting.discard(result: nil)
        return bytes.withUnsafeBytes { emit(request, $0) } && resumeRequests()
    }

    /// The second is answered as well: now the client hears of the first.
    private func giveFirst(_ half: HalfPointer, _ flow: BoltFlow, _ open: BoltFlow.Open, _ last: [UInt8]) -> Bool {
        let second = MessageInPassing(time: loop.now)
        (second.exchange, second.operation, second.key) = (open.exchange, open.unit.operation, open.unit.key)
        (second.transaction, second.window) = (open.unit.transaction, open.window)
        (second.action, second.isSwallowed) = (.duplicated, true)
        half.pointee.message?.size += last.count
        guard last.withUnsafeBytes({ emit(half, $0) }), finishAnswer(half, flow, open) else { return false }
        record(second, .response)
        return true
    }

    /// The servers of a routing table are all where the client has dialled, so that it stays on the link.
    private func reroute(
        _ half: HalfPointer, _ flow: BoltFlow, _ open: BoltFlow.Open, _ piece: BoltDecoder.Piece,
        _ part: UnsafeRawBufferPointer, _ progress: inout Progress
    ) -> Bool {
        guard let address = try? SocketAddress.local(of: client), let message = half.pointee.message else {
            return pass(half, part, &progress)
        }
        guard piece.endsMessage, let bytes = BoltWriting.rerouted(flow.answers.beginning, to: "\(address)") else {
            // A driver that got it would leave the link.
            end(.reset)
            return false
        }
        guard drop(half, part, &progress), bytes.withUnsafeBytes({ passPart(half, message, $0) }) else { return false }
        return isEnding || finishAnswer(half, flow, open)
    }

    /// A unit is answered; false when the connection is over.
    private func finishAnswer(_ half: HalfPointer, _ flow: BoltFlow, _ open: BoltFlow.Open) -> Bool {
        flow.close(open.exchange)
        plain(half)
        guard let message = half.pointee.message else { return true }
        if let isGoingOn = finishOrEnd(half, message) { return isGoingOn }
        settle(half, message)
        return true
    }

    /// The results that nobody has asked for to their end are over, with their transaction.
    private func closeResults(_ flow: BoltFlow) {
        for open in flow.open where open.outstanding == 0 {
            if let message = open.answer { record(message, .response) }
            flow.close(open.exchange)
        }
    }
}

extension BoltSession.Answer {
    /// It answers a message; records come before that.
    fileprivate var isSummary: Bool { kind == .success || kind == .failure || kind == .ignored }
}
