import Faults
import Reactor
import Wire

/// How a `redis` link takes what the client sends apart.
extension Connection {
    func consumeRequests(_ half: HalfPointer, _ flow: RedisFlow, _ bytes: UnsafeRawBufferPointer) -> Int? {
        takeApart(half, bytes) { progress throws(WireError) in
            let found: RedisFlow.Found?
            if let held = flow.heldRequest {
                found = held
            } else if link.isTouched || half.pointee.message != nil {
                found = RedisFlow.Found(try flow.reading.pointee.requests.next(progress.rest.bytes))
            } else {
                found = try passUntouched(half, flow, &progress)
            }
            guard let found else { return .needsMore }
            let part = progress.part(found.piece.length)
            switch found.piece.kind {
            case .nothing: progress.position += part.count
            case .rest: return Step(isGoingOn: goOn(half, flow, found.piece, part, &progress))
            case .command: return Step(isGoingOn: run(half, flow, found, part, &progress))
            }
            return .taken
        }
    }

    /// Passes commands that are there whole while no window asks: nothing is decided, and little is kept of them.
    ///
    /// - Returns: the next that is none of these; `nil` when there are no more.
    private func passUntouched(
        _ half: HalfPointer, _ flow: RedisFlow, _ progress: inout Progress
    ) throws(WireError) -> RedisFlow.Found? {
        let (reading, history) = (flow.reading, history)
        beginRun(half)
        defer { history?.endRun() }
        while !progress.isOver, half.pointee.mayTake {
            passSmall(half, flow, &progress)
            let rest = progress.rest
            guard let piece = try reading.pointee.requests.next(rest.bytes) else { return nil }
            guard piece.kind == .command, piece.endsMessage else { return RedisFlow.Found(piece) }
            let unit = reading.pointee.session.request(piece, rest.bytes)
            guard unit.kind != .sync else { return RedisFlow.Found(piece, unit) }
            flow.count += 1
            let key = UnsafeRawBufferPointer(rebasing: rest[unit.key])
            reading.pointee.session.sent(unit, exchange: flow.count, key: key)
            history?.addToRun(
                operation: flow.operations.number(of: unit.command), exchange: flow.count,
                transaction: unit.transaction, size: piece.length, key: key)
            countPassed(half)
            progress.position += piece.length
            pauseIfFull(half, flow)
        }
        return nil
    }

    /// Passes small commands as far as they come one behind the other.
    private func passSmall(_ half: HalfPointer, _ flow: RedisFlow, _ progress: inout Progress) {
        let (found, operations) = (flow.operations.small, flow.operations)
        while half.pointee.mayTake {
            let rest = progress.rest
            let small = flow.reading.pointee.takeSmallCommands(rest.bytes, exchange: flow.count + 1, into: found)
            guard small.count > 0 else { return }
            if let history {
                for index in 0..<small.count {
                    let one = found[index]
                    history.addToRun(
                        operation: operations.number(of: Int(one.command)), exchange: one.exchange,
                        transaction: Int(one.transaction), size: Int(one.length),
                        key: UnsafeRawBufferPointer(rebasing: rest[Int(one.key)..<Int(one.key + one.keyLength)]))
                }
            }
            flow.count += small.count
            countPassed(half, messages: small.count)
            progress.position += small.length
            pauseIfFull(half, flow)
            if small.count < RedisReading.smallMax { return }
        }
    }

    /// So many commands may be under way.
    private func pauseIfFull(_ half: HalfPointer, _ flow: RedisFlow) {
        if flow.reading.pointee.session.openCount >= RedisFlow.openMax { half.pointee.isPaused = true }
    }

    /// Begins to tell of messages that pass untouched.
    func beginRun(_ half: HalfPointer) {
        history?.beginRun(
            link: link.numberInHistory, lane: lane, connection: number, direction: half.pointee.direction,
            at: loop.now, until: max(loop.now, half.pointee.due))
    }

    private func run(
        _ half: HalfPointer, _ flow: RedisFlow, _ found: RedisFlow.Found, _ part: UnsafeRawBufferPointer,
        _ progress: inout Progress
    ) -> Bool {
        guard flush(half, &progress) else { return false }
        let piece = found.piece
        let unit = found.unit ?? flow.reading.pointee.session.request(piece, part.bytes)
        let decision: Decision
        let message: MessageInPassing
        var call: UInt64 = 0
        if flow.heldRequest != nil, let released = release(half) {
            flow.heldRequest = nil
            (decision, message) = released
        } else {
            message = begin(half, flow, unit, part)
            (decision, call) = decide(flow, unit, piece, message, part)
            note(decision, on: message)
        }
        if let isGoingOn = meet(half, decision, message, part) {
            if half.pointee.isHeld {
                flow.heldRequest = RedisFlow.Found(piece, unit)
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
        flow.lastToldAlone = flow.count
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
            content: MessageContent(moreKeys: moreKeys), isRefusedAnyway: flow.reading.pointee.session.refuses(unit),
            clientPort: portInSight)
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
            if unit.isQueued, flow.reading.pointee.session.isInTransaction {
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
        let isAwaited = flow.reading.pointee.session.sent(
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
        guard flow.reading.pointee.session.isInTransaction || flow.reading.pointee.session.skipsNextAnswer else {
            guard !flow.reading.pointee.session.isNextUnanswered else { return true }
            flow.reading.pointee.session.answersItself(unit, exchange: message.exchange, key: key)
            let isExec = unit.kind == .exec
            flow.treatments[message.exchange] = .own(
                isExec ? RedisWriting.aborted(error) : RedisWriting.error(error),
                code: isExec ? "EXECABORT" : error.prefix, window: message.window)
            return true
        }
        let bytes: [UInt8]
        if unit.kind == .exec, flow.reading.pointee.session.isInTransaction {
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
            unit.kind == .ordinary && !flow.reading.pointee.session.isInTransaction
            && !flow.reading.pointee.session.isNextUnanswered
            && !flow.reading.pointee.session.mayWait(unit, part.bytes)
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
        if flow.reading.pointee.session.sent(unit, exchange: flow.count, key: noKey) {
            flow.treatments[flow.count] = .second
        }
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
        pauseIfFull(half, flow)
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
