import Faults
import Reactor
import Wire

/// How bytes get from one side to the other.
extension Connection {
    typealias HalfPointer = UnsafeMutablePointer<Half>

    func pump() {
        guard isConnected, !isIsolated else { return }
        guard move(request), move(response) else { return }
        if !passedSummons.isEmpty { tellOfPassed() }
        if let ending { return conclude(ending) }
        if request.pointee.endSent, response.pointee.endSent {
            if isOver { return end(.closed) }
            linger(endedBy: endedBy)
        }
        if !turnQueued, request.pointee.mayRead(at: loop.now) || response.pointee.mayRead(at: loop.now) {
            turnQueued = true
            loop.again(self)
        }
    }

    /// Ends the connection once a half has sent what is queued in it.
    private func conclude(_ ending: Ending) {
        guard ending.half.pointee.output.isEmpty else { return }
        guard ending.kind == .reset else {
            linger(endedBy: ending.window)
            return pump()
        }
        guard Socket.hasUnsent(ending.half.pointee.sink) else { return end(.reset, window: ending.window) }
        loop.setTimer(loop.now + Self.unsentPause, source: self, tag: 0)
    }

    /// Both sides have ended in order, and each has been told of the other's end.
    private var isOver: Bool {
        request.pointee.sawEnd && response.pointee.sawEnd && request.pointee.endSent && response.pointee.endSent
            && !isEnding
    }

    private static let unsentPause = Nanoseconds(.milliseconds(1))

    /// Ends both directions in order: FIN behind what is queued. Closing at once would send RST where a peer's bytes lie
    /// unread, and throw away what the other peer has yet to read; so theirs are read for a while, for nobody.
    private func linger(endedBy window: Int) {
        guard !isLingering else { return }
        isLingering = true
        (ending, endedBy) = (nil, window)
        for half in [request, response] { cutShort(half) }
        loop.setTimer(loop.now + Self.lingerTime, source: self, tag: Self.lingerTag)
    }

    private static let lingerTime = Nanoseconds(.seconds(2))

    /// Nothing more of a half passes but what is queued; then its receiver gets the end.
    func cutShort(_ half: HalfPointer) {
        half.pointee.isCutShort = true
        half.pointee.input = []
    }

    /// One turn of a half; false when the connection is over.
    private func move(_ half: HalfPointer) -> Bool {
        guard drain(half) else { return false }
        var rounds = 0
        while half.pointee.mayRead(at: loop.now), !isEnding, rounds < Self.roundsPerTurn {
            rounds += 1
            if maySplice(half) {
                guard splice(half) else { return false }
                continue
            }
            switch receive(half) {
            case .bytes(let count):
                half.pointee.counts.pointee.receivedBytes += count
                if half.pointee.isCutShort { continue }
                noteRead(half, count)
                // A short read has emptied the socket, though not what libssl may keep.
                if count < loop.scratch.count, !half.pointee.endIsNear, tls == nil || half.pointee.direction == .request
                {
                    half.pointee.readable = false
                }
                guard take(half, UnsafeRawBufferPointer(rebasing: loop.scratch[..<count])) else { return false }
            case .end: sourceEnded(half)
            case .wait: half.pointee.readable = false
            case .failed: return broken()
            }
        }
        passEnd(half)
        return !isClosed
    }

    func sourceEnded(_ half: HalfPointer) {
        half.pointee.sawEnd = true
        half.pointee.readable = false
        flow?.ended(half.pointee.direction, of: self)
    }

    /// A peer has reset; while both directions are being ended that is how it may end.
    @discardableResult
    func broken() -> Bool {
        end(isLingering ? .closed : .reset)
        return false
    }

    private func receive(_ half: HalfPointer) -> Transfer {
        if let tls, half.pointee.direction == .response { return tls.receive(into: loop.scratch) }
        return Socket.receive(half.pointee.source, into: loop.scratch)
    }

    private func transmit(_ half: HalfPointer, _ bytes: UnsafeRawBufferPointer) -> Transfer {
        if let tls, half.pointee.direction == .request { return tls.transmit(bytes) }
        return Socket.transmit(half.pointee.sink, bytes)
    }

    private func passEnd(_ half: HalfPointer) {
        guard !isClosed, half.pointee.sawEnd || half.pointee.isCutShort, !half.pointee.endSent, !half.pointee.isHeld,
            !half.pointee.isPaused || half.pointee.isCutShort,
            half.pointee.output.isEmpty, half.pointee.pipeCount == 0, !holdsEnd(half.pointee.direction)
        else { return }
        half.pointee.endSent = true
        if half.pointee.direction == .request { tls?.shutDown() }
        // The second end is told by closing, which is what comes next.
        if !isOver { Socket.shutDown(half.pointee.sink) }
    }

    private func take(_ half: HalfPointer, _ bytes: UnsafeRawBufferPointer) -> Bool {
        if let terms { return takeLimited(half, bytes, terms) }
        return takeWhole(half, bytes)
    }

    /// New bytes of a half, behind what it has kept.
    func takeWhole(_ half: HalfPointer, _ bytes: UnsafeRawBufferPointer) -> Bool {
        if half.pointee.input.isEmpty {
            guard let used = consume(half, bytes) else { return false }
            if used < bytes.count { half.pointee.input.append(contentsOf: bytes[used...]) }
            return true
        }
        half.pointee.input.append(contentsOf: bytes)
        return takeInput(half)
    }

    func takeInput(_ half: HalfPointer) -> Bool {
        let input = half.pointee.input
        half.pointee.input = []
        guard let used = input.withUnsafeBytes({ consume(half, $0) }) else { return false }
        half.pointee.input = used == 0 ? input : used == input.count ? [] : Array(input[used...])
        return true
    }

    private func consume(_ half: HalfPointer, _ bytes: UnsafeRawBufferPointer) -> Int? {
        guard let flow else { return consumeBytes(half, bytes) }
        half.pointee.inHand = bytes
        let used = flow.consume(half, bytes, of: self)
        half.pointee.inHand = UnsafeRawBufferPointer(start: nil, count: 0)
        guard used != nil, uncork(half) else { return nil }
        return used
    }

    /// Bytes that no window asks about: nothing is decided, and nothing is kept of them.
    private func passUntouched(_ half: HalfPointer, _ bytes: UnsafeRawBufferPointer) -> Int? {
        plain(half)
        recordChunk(half, bytes.count)
        return emit(half, bytes) ? bytes.count : nil
    }

    /// Tells of bytes that pass untouched, now or when delayed ones before them have.
    func recordChunk(_ half: HalfPointer, _ size: Int) {
        countPassed(half, messages: 0)
        history?.writeChunk(
            link: link.numberInHistory, lane: lane, connection: number, direction: half.pointee.direction, size: size,
            at: loop.now, until: max(loop.now, half.pointee.due))
    }

    /// A chunk of bytes, which is what a message is where the protocol has none.
    private func consumeBytes(_ half: HalfPointer, _ bytes: UnsafeRawBufferPointer) -> Int? {
        guard link.isTouched else { return passUntouched(half, bytes) }
        let direction = half.pointee.direction
        let message = MessageInPassing(chunkAt: loop.now)
        message.size = bytes.count
        let decision = link.decide(
            Message(direction: direction, operation: Message.bytesOperation, clientPort: portInSight),
            call: UInt64(number), connection: number)
        note(decision, on: message)
        shape(half, decision, message)
        switch decision.ending {
        case .forward, .reply, .replyAfter, .lose, .truncate, .misframe:
            return emitRecorded(half, bytes, message) ? bytes.count : nil
        case .hold, .hang:
            half.pointee.holder = decision.holder
            half.pointee.hangs = decision.ending == .hang
            half.pointee.message = message
            return holdable(half) && summonIfHeld(half, decision) ? 0 : nil
        case .halfClose:
            message.size = 0
            record(message, direction)
            cutShort(half)
            return bytes.count
        case .reset(let after), .close(let after):
            message.size = min(after ?? 0, bytes.count)
            ending = Ending(half: half, kind: message.action == .reset ? .reset : .closed)
            let part = UnsafeRawBufferPointer(rebasing: bytes[..<message.size])
            return emitRecorded(half, part, message) ? bytes.count : nil
        }
    }

    /// Emits a message that is whole. What a shape makes of it is known only then.
    func emitRecorded(
        _ half: HalfPointer, _ bytes: UnsafeRawBufferPointer, _ message: MessageInPassing
    ) -> Bool {
        if half.pointee.shaping == nil {
            record(message, half.pointee.direction)
            return emit(half, bytes)
        }
        let goesOn = emit(half, bytes)
        record(message, half.pointee.direction)
        return goesOn
    }

    /// A half has come to be held; false when its client has left already, which ends the connection.
    func holdable(_ half: HalfPointer) -> Bool {
        guard half.pointee.direction == .request, half.pointee.endIsNear else { return true }
        return dropHeld()
    }

    /// The client has left while something is held: that goes nowhere, and what has passed the fault before it goes on.
    ///
    /// - Returns: false when the connection is over.
    func dropHeld() -> Bool {
        guard !request.pointee.output.isEmpty else {
            end(.closed)
            return false
        }
        if ending == nil { ending = Ending(half: request, kind: .closed) }
        return true
    }

    /// Sends bytes, or queues them; false when the connection is over.
    func emit(_ half: HalfPointer, _ bytes: UnsafeRawBufferPointer) -> Bool {
        if mayCork(half, bytes) {
            let corked = half.pointee.corked
            if !corked.isEmpty, corked.end == bytes.baseAddress {
                half.pointee.corked = UnsafeRawBufferPointer(
                    start: corked.baseAddress, count: corked.count + bytes.count)
                return true
            }
            guard uncork(half) else { return false }
            half.pointee.corked = bytes
            return true
        }
        guard uncork(half) else { return false }
        if half.pointee.delay > .zero { half.pointee.due = max(half.pointee.due, loop.now + half.pointee.delay) }
        if let shaping = half.pointee.shaping { return emit(half, bytes, shaping) }
        return send(half, bytes)
    }

    /// Whether bytes may wait for those behind them: they lie among those in hand, and nothing is done to them.
    private func mayCork(_ half: HalfPointer, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let first = half.pointee.inHand.baseAddress, let start = bytes.baseAddress, start >= first,
            let end = half.pointee.inHand.end, start < end
        else { return false }
        return half.pointee.delay == .zero && half.pointee.shaping == nil
    }

    /// Sends what waits for bytes behind it; false when the connection is over.
    func uncork(_ half: HalfPointer) -> Bool {
        let corked = half.pointee.corked
        guard !corked.isEmpty else { return true }
        half.pointee.corked = UnsafeRawBufferPointer(start: nil, count: 0)
        return send(half, corked)
    }

    private func send(_ half: HalfPointer, _ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes
        while !rest.isEmpty, half.pointee.output.isEmpty, half.pointee.writable, half.pointee.due <= loop.now {
            switch transmit(half, rest) {
            case .bytes(let count):
                half.pointee.counts.pointee.sentBytes += count
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            case .wait, .end: half.pointee.writable = false
            case .failed: return broken()
            }
        }
        if !rest.isEmpty {
            half.pointee.output.append(rest, due: half.pointee.due)
            setTimer(half)
        }
        return true
    }

    func drain(_ half: HalfPointer) -> Bool {
        // Mostly nothing waits to be sent.
        if half.pointee.output.isEmpty, half.pointee.pipe == nil { return true }
        guard drainPipe(half) else { return false }
        while half.pointee.writable, let front = half.pointee.output.front(at: loop.now) {
            var bytes = front.bytes
            if let shaping = front.shaping {
                let count = allowance(half, shaping, bytes.count)
                guard count > 0 else { break }
                bytes = UnsafeRawBufferPointer(rebasing: bytes.prefix(count))
            }
            switch transmit(half, bytes) {
            case .bytes(let count):
                half.pointee.counts.pointee.sentBytes += count
                if let shaping = front.shaping { spend(half, shaping, count) }
                half.pointee.output.consume(count)
            case .wait, .end: half.pointee.writable = false
            case .failed: return broken()
            }
        }
        setTimer(half)
        return true
    }

    private func setTimer(_ half: HalfPointer) {
        guard var due = half.pointee.output.nextDue else { return }
        if half.pointee.output.isShaped, let outlet = half.pointee.outlet { due = max(due, outlet.opensAt) }
        guard due > loop.now, due != half.pointee.timer else { return }
        half.pointee.timer = due
        loop.setTimer(due, source: self, tag: 0)
    }

    func note(_ decision: Decision, on message: MessageInPassing) {
        message.window = decision.struckBy.first ?? 0
        if decision.ending == .forward { message.summons = decision.summons }
        message.action =
            switch decision.ending {
            case .hold, .hang: .held
            case .lose: .lost
            case .reply: .replied
            case .reset: .reset
            case .close, .halfClose, .truncate: .cut
            case .misframe: .edited
            case .forward where decision.struckBy.isEmpty: .forwarded
            case .forward, .replyAfter:
                !decision.edits.isEmpty ? .edited : decision.delay > .zero ? .delayed : .forwarded
            }
    }

    /// Tells of a message that has ended, now or when its delay is over.
    func record(_ message: MessageInPassing, _ direction: Direction) {
        if direction == .response, message.bytesLeft == nil, [.forwarded, .delayed, .edited].contains(message.action) {
            passedSummons += message.summons
        }
        let half = direction == .request ? request : response
        let end = endOfPassing(half, message)
        count(half, message, until: end)
        history?.write(
            WireEvent(
                time: 0, link: link.name, connection: number, kind: .message, direction: direction,
                exchange: message.exchange, operation: message.operation, key: message.key, size: message.size,
                status: message.status, action: message.action, window: message.window, lane: lane,
                retryAfterMilliseconds: message.retryAfterMilliseconds, code: message.code,
                transaction: message.transaction), at: message.time, until: end)
    }
}

extension UnsafeRawBufferPointer {
    /// Behind the last byte.
    fileprivate var end: UnsafeRawPointer? { baseAddress.map { $0 + count } }
}
