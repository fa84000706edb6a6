import Faults
import Reactor
import Wire

/// How a `redis` link takes what the server sends apart.
extension Connection {
    func consumeAnswers(_ half: HalfPointer, _ flow: RedisFlow, _ bytes: UnsafeRawBufferPointer) -> Int? {
        let count = takeApart(half, bytes) { progress throws(WireError) in
            let piece: RedisAnswerDecoder.Piece?
            if let held = flow.heldAnswer {
                piece = held
            } else if link.isTouched || half.pointee.message != nil || !flow.treatments.isEmpty {
                piece = try flow.reading.pointee.nextAnswer(progress.rest.bytes)
            } else {
                piece = try passUntouchedAnswers(half, flow, &progress)
            }
            guard let piece else { return .needsMore }
            return Step(isGoingOn: try take(half, flow, piece, &progress))
        }
        guard let count, flow !== self.flow || resumeRequests(flow) else { return nil }
        return isEnding || half.pointee.isCutShort ? bytes.count : count
    }

    private func take(
        _ half: HalfPointer, _ flow: RedisFlow, _ piece: RedisAnswerDecoder.Piece, _ progress: inout Progress
    ) throws(WireError) -> Bool {
        let part = progress.part(piece.length)
        if piece.kind == .beginning {
            flow.present = RedisFlow.Present(isError: piece.isError)
            switch flow.heldAnswer == nil ? flow.reading.pointee.session.answer(piece) : .first {
            case .first: return begin(half, flow, piece, part, &progress)
            case .more: flow.present.isDropped = half.pointee.message?.isSwallowed == true
            case .aside:
                flow.present.isAside = true
                flow.present.isDropped = half.pointee.message?.isSwallowed == true
            case .stray:
                // A server that turns a client away says so unasked.
                guard piece.isError, !flow.reading.pointee.session.isNextUnanswered else {
                    throw WireError("an answer that nobody awaits")
                }
                flow.present.isAside = true
            }
        } else if piece.kind == .value {
            flow.present.isError = piece.isError
            treat(half, flow, piece, part)
        }
        return pass(half, flow, part, &progress) && (!piece.endsMessage || endMessage(half, flow, piece, &progress))
    }

    /// Passes answers that are there whole while no window asks.
    ///
    /// - Returns: the beginning of the next message that is none of these; `nil` when there are no more.
    private func passUntouchedAnswers(
        _ half: HalfPointer, _ flow: RedisFlow, _ progress: inout Progress
    ) throws(WireError) -> RedisAnswerDecoder.Piece? {
        let (reading, history) = (flow.reading, history)
        beginRun(half)
        defer { history?.endRun() }
        while !progress.isOver {
            if flow.reading.pointee.session.first.map({ $0.exchange > flow.lastToldAlone }) == true {
                passSmallAnswers(flow, &progress)
            }
            let rest = progress.rest
            guard let piece = try reading.pointee.nextAnswer(rest.bytes) else { return nil }
            guard let open = reading.pointee.session.answersWhole(piece) else { return piece }
            history?.addToRun(
                operation: flow.operations.number(of: Int(open.command)), exchange: open.exchange,
                transaction: Int(open.transaction), size: piece.length,
                key: open.exchange > flow.lastToldAlone ? nil : reading.pointee.session.firstKey,
                code: code(piece, rest))
            reading.pointee.session.dropFirst()
            countPassed(half)
            progress.position += piece.length
        }
        return nil
    }

    /// Passes small answers as far as they come one behind the other.
    private func passSmallAnswers(_ flow: RedisFlow, _ progress: inout Progress) {
        let (found, operations) = (flow.operations.small, flow.operations)
        while true {
            let small = flow.reading.pointee.takeSmallAnswers(progress.rest.bytes, into: found)
            guard small.count > 0 else { return }
            if let history {
                for index in 0..<small.count {
                    let one = found[index]
                    history.addToRun(
                        operation: operations.number(of: Int(one.command)), exchange: one.exchange,
                        transaction: Int(one.transaction), size: Int(one.length), key: nil)
                }
            }
            countPassed(response, messages: small.count)
            progress.position += small.length
            if small.count < RedisReading.smallMax { return }
        }
    }

    /// The code of an answer that is an error.
    private func code(
        _ piece: RedisAnswerDecoder.Piece, _ bytes: UnsafeRawBufferPointer
    ) -> UnsafeRawBufferPointer {
        guard piece.isError else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        guard piece.code.isEmpty else { return UnsafeRawBufferPointer(rebasing: bytes[piece.code]) }
        return UnsafeRawBufferPointer(start: Self.noCode.utf8Start, count: Self.noCode.utf8CodeUnitCount)
    }

    /// An error that has no code of its own.
    private static let noCode: StaticString = "ERR"

    /// Passes on a part of the server's present message, or drops it.
    private func pass(
        _ half: HalfPointer, _ flow: RedisFlow, _ part: UnsafeRawBufferPointer, _ progress: inout Progress
    ) -> Bool {
        if flow.present.isDropped { return drop(half, part, &progress) }
        guard flow.present.isAside else { return pass(half, part, &progress) }
        progress.position += part.count
        return true
    }

    /// An answer's first message begins: what shall become of it is decided.
    private func begin(
        _ half: HalfPointer, _ flow: RedisFlow, _ piece: RedisAnswerDecoder.Piece, _ part: UnsafeRawBufferPointer,
        _ progress: inout Progress
    ) -> Bool {
        guard flush(half, &progress), let open = flow.reading.pointee.session.first else { return false }
        let treatment = flow.treatments[open.exchange]
        if case .second = treatment {
            flow.present.isDropped = true
            return pass(half, flow, part, &progress)
                && (!piece.endsMessage || endMessage(half, flow, piece, &progress))
        }
        let decision: Decision
        let message: MessageInPassing
        if flow.heldAnswer != nil, let held = release(half) {
            flow.heldAnswer = nil
            (decision, message) = held
        } else {
            message = MessageInPassing(time: loop.now)
            (message.exchange, message.operation) = (open.exchange, flow.label(Int(open.command)))
            message.key = String(decoding: flow.reading.pointee.session.firstKey, as: UTF8.self)
            message.transaction = Int(open.transaction)
            half.pointee.message = message
            note(code: piece, of: part, on: message)
            decision = treatment == nil ? decide(flow, open, piece, message) : Decision()
            note(decision, on: message)
        }
        if let isGoingOn = meet(half, decision, message, part) {
            if half.pointee.isHeld {
                flow.heldAnswer = piece
                return isGoingOn
            }
            progress.skip(part.count)
            guard isGoingOn, piece.endsMessage, !isEnding, half.pointee.message === message else { return isGoingOn }
            return endMessage(half, flow, piece, &progress)
        }
        if case .truncate(let after) = decision.ending { message.bytesLeft = after }
        treat(half, flow, piece, part)
        return pass(half, flow, part, &progress)
            && (!piece.endsMessage || isEnding || endMessage(half, flow, piece, &progress))
    }

    private func note(
        code piece: RedisAnswerDecoder.Piece, of part: UnsafeRawBufferPointer, on message: MessageInPassing
    ) {
        guard piece.isError else { return }
        message.code = String(decoding: code(piece, part), as: UTF8.self)
    }

    private func decide(
        _ flow: RedisFlow, _ open: RedisSession.Awaited, _ piece: RedisAnswerDecoder.Piece, _ message: MessageInPassing
    ) -> Decision {
        guard link.isTouched else { return Decision() }
        var call = open.call
        if call == 0 {
            // No window was open when its command passed.
            var hash = StableHash()
            hash.mix(message.operation)
            hash.mix(message.key)
            call = hash.value
        }
        return link.decide(
            Message(
                direction: .response, operation: message.operation, key: message.key, bodyBytes: piece.messageLength,
                content: MessageContent(moreKeys: flow.moreKeys[open.exchange] ?? []), clientPort: portInSight),
            call: call, connection: number)
    }

    /// Does what a command's treatment has happen to its answer, when it is known whether that is an error.
    private func treat(
        _ half: HalfPointer, _ flow: RedisFlow, _ piece: RedisAnswerDecoder.Piece, _ part: UnsafeRawBufferPointer
    ) {
        guard let message = half.pointee.message else { return }
        if piece.kind == .value { note(code: piece, of: part, on: message) }
        guard let treatment = flow.treatments[message.exchange] else { return }
        guard piece.type != UInt8(ascii: "|") else {
            // Attributes of a value that is not known yet.
            flow.present.isDropped = true
            return
        }
        flow.present.isDropped = false
        switch treatment {
        case .own, .second: return
        case .refused(let error, let window):
            guard piece.isError else { return }
            replace(flow, by: RedisWriting.error(error), error.prefix, window)
        case .discarded(let error, let window):
            replace(flow, by: RedisWriting.aborted(error), "EXECABORT", window)
        case .refusedAfter(let error, let window):
            // EXEC that a watched key has failed is answered by null.
            if piece.isError || piece.isNull && message.operation == "EXEC" { return link.decline(window) }
            replace(flow, by: RedisWriting.error(error), error.prefix, window)
            flow.replacement?.isToBeConfirmed = true
        }
    }

    private func replace(_ flow: RedisFlow, by bytes: [UInt8], _ code: String, _ window: Int) {
        flow.replacement = RedisFlow.Replacement(bytes: bytes, code: code, window: window)
        flow.present.isDropped = true
    }

    // MARK: The end

    /// A message of the server is over.
    private func endMessage(
        _ half: HalfPointer, _ flow: RedisFlow, _ piece: RedisAnswerDecoder.Piece, _ progress: inout Progress
    ) -> Bool {
        let present = flow.present
        flow.present = RedisFlow.Present()
        guard !present.isAside else { return giveNext(half, flow, &progress) }
        let isWhole = flow.reading.pointee.session.answered(
            isError: present.isError, integer: flow.reading.pointee.answers.lastInteger)
        guard isWhole else { return true }
        return finishAnswer(half, flow, &progress)
    }

    /// A command is answered whole.
    private func finishAnswer(_ half: HalfPointer, _ flow: RedisFlow, _ progress: inout Progress) -> Bool {
        let exchange = flow.reading.pointee.session.first?.exchange ?? 0
        flow.reading.pointee.session.dropFirst()
        if !flow.treatments.isEmpty { flow.treatments[exchange] = nil }
        if !flow.moreKeys.isEmpty { flow.moreKeys[exchange] = nil }
        if let message = half.pointee.message {
            if let replacement = flow.replacement {
                flow.replacement = nil
                guard give(half, replacement, message, &progress) else { return false }
            } else if half.pointee.delay > .zero || half.pointee.shaping != nil {
                // What is done to this answer is not done to those behind it.
                guard flush(half, &progress) else { return false }
            }
            plain(half)
            if message.action == .lost || message.bytesLeft != nil {
                guard flush(half, &progress) else { return false }
            }
            if let isGoingOn = finishOrEnd(half, message) { return isGoingOn }
            settle(half, message)
        }
        return giveNext(half, flow, &progress)
    }

    /// Gives what the link has to say now that a message is over.
    private func giveNext(_ half: HalfPointer, _ flow: RedisFlow, _ progress: inout Progress) -> Bool {
        guard flow.reading.pointee.session.first?.isOwn == true else { return true }
        return flush(half, &progress) && giveOwn(flow)
    }

    private func give(
        _ half: HalfPointer, _ replacement: RedisFlow.Replacement, _ message: MessageInPassing,
        _ progress: inout Progress
    ) -> Bool {
        if replacement.isToBeConfirmed { link.confirm(replacement.window) }
        (message.action, message.code, message.size) = (.replied, replacement.code, replacement.bytes.count)
        message.claim(by: replacement.window)
        guard flush(half, &progress) else { return false }
        return replacement.bytes.withUnsafeBytes { emit(half, $0) }
    }

    /// Gives the link's own answers whose turn it is; false when the connection is over.
    func giveOwn(_ flow: RedisFlow) -> Bool {
        while let first = flow.reading.pointee.session.first, first.isOwn,
            flow.reading.pointee.answers.isBetweenMessages, !isEnding,
            response.pointee.mayTake, response.pointee.message == nil
        {
            guard case .own(let bytes, let code, let window)? = flow.treatments.removeValue(forKey: first.exchange)
            else { return true }
            let message = MessageInPassing(time: loop.now)
            (message.exchange, message.operation) = (first.exchange, flow.label(Int(first.command)))
            message.key = String(decoding: flow.reading.pointee.session.firstKey, as: UTF8.self)
            (message.transaction, message.code, message.window) = (Int(first.transaction), code, window)
            (message.action, message.size) = (.replied, bytes.count)
            flow.moreKeys[first.exchange] = nil
            flow.reading.pointee.session.dropFirst()
            plain(response)
            guard bytes.withUnsafeBytes({ emit(response, $0) }) else { return false }
            record(message, .response)
        }
        return true
    }

    /// What waited for answers goes on when most of them are there.
    private func resumeRequests(_ flow: RedisFlow) -> Bool {
        flow.reading.pointee.session.openCount > RedisFlow.openMax / 2 || resumeRequests()
    }
}
