import Faults
import Reactor
import Wire

/// How a `redis` link takes what the client sends apart.
extension Connection {
    func consumeRequests(_ half: HalfPointer, _ flow: RedisFlow, _ bytes: UnsafeRawBufferPointer) -> Int? {
        var progress = Progress(bytes)
        while !progress.isOver, half.pointee.mayTake, self.flow != nil, !isEnding {
            let rest = progress.rest
            let piece: RedisRequestDecoder.Piece?
            do throws(WireError) {
                if let held = flow.heldRequest {
                    piece = held.piece
                } else {
                    piece = try flow.requests.next(rest.bytes)
                }
            } catch {
                return flush(half, &progress) && becomeOpaque(half, rest) ? bytes.count : nil
            }
            guard let piece else { break }
            let part = UnsafeRawBufferPointer(rebasing: rest[..<piece.length])
            switch piece.kind {
            case .nothing: progress.position += part.count
            case .rest: guard goOn(half, flow, piece, part, &progress) else { return nil }
            case .command: guard run(half, flow, piece, part, &progress) else { return nil }
            }
        }
        guard flush(half, &progress) else { return nil }
        if self.flow == nil, !progress.isOver {
            guard emit(half, progress.rest) else { return nil }
            return bytes.count
        }
        return isEnding || half.pointee.isCutShort ? bytes.count : progress.position
    }

    private func run(
        _ half: HalfPointer, _ flow: RedisFlow, _ piece: RedisRequestDecoder.Piece, _ part: UnsafeRawBufferPointer,
        _ progress: inout Progress
    ) -> Bool {
        guard flush(half, &progress) else { return false }
        let decision: Decision
        let message: MessageInPassing
        let unit: RedisSession.Unit
        var call: UInt64 = 0
        if let held = flow.heldRequest, let released = release(half) {
            flow.heldRequest = nil
            unit = held.unit
            (decision, message) = released
        } else {
            unit = flow.session.request(piece, part.bytes)
            message = begin(half, flow, unit, part)
            (decision, call) = decide(flow, unit, piece, message, part)
            note(decision, on: message)
        }
        if let isGoingOn = meet(half, decision, message, part) {
            if half.pointee.isHeld {
                flow.heldRequest = (piece, unit)
                return isGoingOn
            }
            progress.skip(part.count)
            guard isGoingOn, piece.endsMessage, !isEnding, half.pointee.message === message else { return isGoingOn }
            return finishRequest(half, flow, message)
        }
        progress.skip(part.count)
        if call == 0, link.isTouched { call = Self.call(flow.label(unit.command), part) }
        guard carryOut(half, flow, unit, call, decision, message, part) else { return false }
        guard piece.endsMessage, !isEnding else { return true }
        guard finishRequest(half, flow, message) else { return false }
        guard unit.kind == .sync, !message.isSwallowed, self.flow != nil, !isEnding else { return true }
        // What comes now is a replica's talk with its master.
        guard becomeOpaque(half, progress.rest) else { return false }
        progress.skip(progress.rest.count)
        return true
    }

    private func begin(
        _ half: HalfPointer, _ flow: RedisFlow, _ unit: RedisSession.Unit, _ part: UnsafeRawBufferPointer
    ) -> MessageInPassing {
        flow.count += 1
        let message = MessageInPassing(time: loop.now)
        (message.exchange, message.operation) = (flow.count, flow.label(unit.command))
        if !unit.key.isEmpty { message.key = String(decoding: part[unit.key], as: UTF8.self) }
        message.transaction = unit.transaction
        half.pointee.message = message
        return message
    }

    private func decide(
        _ flow: RedisFlow, _ unit: RedisSession.Unit, _ piece: RedisRequestDecoder.Piece, _ message: MessageInPassing,
        _ part: UnsafeRawBufferPointer
    ) -> (Decision, call: UInt64) {
        guard link.isTouched else { return (Decision(), 0) }
        var moreKeys: [String] = []
        var isFirst = true
        unit.keys.forEach(in: part.bytes, argumentCount: unit.argumentCount) { range in
            if !isFirst { moreKeys.append(String(decoding: part[range], as: UTF8.self)) }
            isFirst = false
        }
        if !moreKeys.isEmpty { flow.moreKeys[message.exchange] = moreKeys }
        let call = Self.call(message.operation, part)
        let asked = Message(
            direction: .request, operation: message.operation, key: message.key,
            content: MessageContent(moreKeys: moreKeys), isRefusedAnyway: flow.session.refuses(unit))
        return (link.decide(asked, call: call, connection: number), call)
    }

    /// What a command has in common with its retries: all that is looked at of it, its keys among that.
    private static func call(_ operation: String, _ part: UnsafeRawBufferPointer) -> UInt64 {
        var arguments = BodyHash()
        arguments.mix(UnsafeRawBufferPointer(rebasing: part.prefix(RedisRequestDecoder.lookedAt)).bytes)
        var hash = StableHash()
        hash.mix(operation)
        hash.mix(arguments.value)
        return hash.value
    }

    // MARK: What becomes of it

    private func carryOut(
        _ half: HalfPointer, _ flow: RedisFlow, _ unit: RedisSession.Unit, _ call: UInt64, _ decision: Decision,
        _ message: MessageInPassing, _ part: UnsafeRawBufferPointer
    ) -> Bool {
        switch decision.ending {
        case .reply(let reply): return refuse(half, flow, unit, RedisErrorReply(reply), message, part)
        case .replyAfter(let reply, let window):
            let error = RedisErrorReply(reply)
            if unit.isQueued, flow.session.isInTransaction {
                // It is applied with EXEC alone, and its transaction must fail.
                message.claim(by: window)
                link.confirm(window)
                message.action = .replied
                return refuse(half, flow, unit, error, message, part)
            }
            if pass(flow, unit, message, call, part) {
                flow.treatments[message.exchange] = .refusedAfter(error, window: window)
            } else {
                link.decline(window)
            }
        default:
            if let duplicate = decision.duplicate { keep(flow, unit, duplicate, message, part) }
            pass(flow, unit, message, call, part)
        }
        return passPart(half, message, part)
    }

    /// A command goes to the server.
    ///
    /// - Returns: whether it will be answered.
    @discardableResult
    private func pass(
        _ flow: RedisFlow, _ unit: RedisSession.Unit, _ message: MessageInPassing, _ call: UInt64,
        _ part: UnsafeRawBufferPointer, isApplied: Bool = true
    ) -> Bool {
        let key = UnsafeRawBufferPointer(rebasing: part[unit.key])
        let isAwaited = flow.session.sent(
            unit, exchange: message.exchange, key: key, call: call, isApplied: isApplied)
        if !isAwaited { flow.moreKeys[message.exchange] = nil }
        return isAwaited
    }

    private func refuse(
        _ half: HalfPointer, _ flow: RedisFlow, _ unit: RedisSession.Unit, _ error: RedisErrorReply,
        _ message: MessageInPassing, _ part: UnsafeRawBufferPointer
    ) -> Bool {
        (message.size, message.isSwallowed) = (message.size + part.count, true)
        let key = UnsafeRawBufferPointer(rebasing: part[unit.key])
        guard flow.session.isInTransaction || flow.session.skipsNextAnswer else {
            guard !flow.session.isNextUnanswered else { return true }
            flow.session.answersItself(unit, exchange: message.exchange, key: key)
            let isExec = unit.kind == .exec
            flow.treatments[message.exchange] = .own(
                isExec ? RedisWriting.aborted(error) : RedisWriting.error(error),
                code: isExec ? "EXECABORT" : error.prefix, window: message.window)
            return true
        }
        let bytes: [UInt8]
        if unit.kind == .exec, flow.session.isInTransaction {
            bytes = RedisWriting.discard
            if pass(flow, unit, message, 0, part) {
                flow.treatments[message.exchange] = .discarded(error, window: message.window)
            }
        } else {
            bytes = RedisWriting.failing("injects \(error.prefix) in place of \(message.operation)")
            if pass(flow, unit, message, 0, part, isApplied: false) {
                flow.treatments[message.exchange] = .refused(error, window: message.window)
            }
        }
        return bytes.withUnsafeBytes { emit(half, $0) }
    }

    // MARK: Twice

    /// Keeps a command to send it again, where that can be: not in a transaction, and none that changes the session or may wait.
    private func keep(
        _ flow: RedisFlow, _ unit: RedisSession.Unit, _ duplicate: Decision.Duplicate, _ message: MessageInPassing,
        _ part: UnsafeRawBufferPointer
    ) {
        let isPossible =
            unit.kind == .ordinary && !flow.session.isInTransaction && !flow.session.isNextUnanswered
            && !flow.session.mayWait(unit, part.bytes)
        guard isPossible, part.count <= duplicate.upTo else { return link.decline(duplicate.window) }
        message.copy = RequestCopy(duplicate: duplicate, bytes: Array(part), headBytes: 0)
        flow.copied = unit
    }

    private func sendCopy(_ half: HalfPointer, _ flow: RedisFlow, _ message: MessageInPassing) -> Bool {
        guard let copy = message.copy, let unit = flow.copied else { return true }
        (message.copy, flow.copied) = (nil, nil)
        link.confirm(copy.duplicate.window)
        message.action = .duplicated
        message.claim(by: copy.duplicate.window)
        flow.count += 1
        let noKey = UnsafeRawBufferPointer(start: nil, count: 0)
        if flow.session.sent(unit, exchange: flow.count, key: noKey) { flow.treatments[flow.count] = .second }
        return copy.bytes.withUnsafeBytes { emit(half, $0) }
    }

    // MARK: The end

    /// More of the command that has begun.
    private func goOn(
        _ half: HalfPointer, _ flow: RedisFlow, _ piece: RedisRequestDecoder.Piece, _ part: UnsafeRawBufferPointer,
        _ progress: inout Progress
    ) -> Bool {
        guard let message = half.pointee.message else {
            progress.position += part.count
            return true
        }
        guard flush(half, &progress) else { return false }
        progress.skip(part.count)
        copy(message, part)
        guard passPart(half, message, part) else { return false }
        return !piece.endsMessage || isEnding || finishRequest(half, flow, message)
    }

    /// A command is whole.
    private func finishRequest(_ half: HalfPointer, _ flow: RedisFlow, _ message: MessageInPassing) -> Bool {
        guard sendCopy(half, flow, message) else { return false }
        plain(half)
        if let isGoingOn = finishOrEnd(half, message) { return isGoingOn }
        settle(half, message)
        if flow.session.openCount >= RedisFlow.openMax { half.pointee.isPaused = true }
        return giveOwn(flow)
    }
}

extension RedisErrorReply {
    /// The error that an answer of the proxy's comes to on a `redis` link.
    fileprivate init(_ reply: Reply) {
        switch reply {
        case .redis(let error): self = error
        case .refusal(let refusal): self.init(refusal)
        case .http, .sql, .bolt: self.init(.retryable)
        }
    }
}
