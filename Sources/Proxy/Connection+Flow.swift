import Faults
import Reactor
import Wire

/// How bytes get from one side to the other.
extension Connection {
    typealias HalfPointer = UnsafeMutablePointer<Half>

    func pump() {
        guard isConnected else { return }
        guard move(request), move(response) else { return }
        if let ending { return conclude(ending.half, ending.kind) }
        if request.pointee.endSent, response.pointee.endSent { return end(.closed) }
        if !turnQueued, request.pointee.mayRead(at: loop.now) || response.pointee.mayRead(at: loop.now) {
            turnQueued = true
            loop.again(self)
        }
    }

    /// Ends the connection once a half has sent what is queued in it.
    private func conclude(_ half: HalfPointer, _ kind: WireEvent.Kind) {
        guard half.pointee.output.isEmpty else { return }
        guard kind == .reset, Socket.hasUnsent(half.pointee.sink) else { return end(kind) }
        loop.setTimer(loop.now + Self.unsentPause, source: self, tag: 0)
    }

    private static let unsentPause = Nanoseconds(.milliseconds(1))

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
                noteRead(half, count)
                // A short read has emptied the socket, though not what libssl may keep.
                if count < loop.scratch.count, !half.pointee.endIsNear, tls == nil || half.pointee.direction == .request
                {
                    half.pointee.readable = false
                }
                guard take(half, UnsafeRawBufferPointer(rebasing: loop.scratch[..<count])) else { return false }
            case .end: sourceEnded(half)
            case .wait: half.pointee.readable = false
            case .failed:
                end(.reset)
                return false
            }
        }
        passEnd(half)
        return !isClosed
    }

    func sourceEnded(_ half: HalfPointer) {
        half.pointee.sawEnd = true
        half.pointee.readable = false
        if half.pointee.direction == .response { answersEnded() } else { requestsEnded() }
    }

    private func receive(_ half: HalfPointer) -> Transfer {
        if half.pointee.direction == .response, let tls { return tls.receive(into: loop.scratch) }
        return Socket.receive(half.pointee.source, into: loop.scratch)
    }

    private func transmit(_ half: HalfPointer, _ bytes: UnsafeRawBufferPointer) -> Transfer {
        if half.pointee.direction == .request, let tls { return tls.transmit(bytes) }
        return Socket.transmit(half.pointee.sink, bytes)
    }

    private func passEnd(_ half: HalfPointer) {
        guard !isClosed, half.pointee.sawEnd, !half.pointee.endSent, !half.pointee.isHeld, half.pointee.output.isEmpty,
            half.pointee.pipeCount == 0
        else {
            return
        }
        half.pointee.endSent = true
        if half.pointee.direction == .request { tls?.shutDown() }
        Socket.shutDown(half.pointee.sink)
    }

    /// New bytes of a half, behind what it has kept.
    func take(_ half: HalfPointer, _ bytes: UnsafeRawBufferPointer) -> Bool {
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
        if let http { return consumeHTTP(half, http, bytes) }
        return consumeBytes(half, bytes)
    }

    private func consumeBytes(_ half: HalfPointer, _ bytes: UnsafeRawBufferPointer) -> Int? {
        let message = MessageInPassing(time: loop.now)
        (message.operation, message.size) = (Message.bytesOperation, bytes.count)
        half.pointee.delay = .zero
        if link.isTouched {
            let decision = link.decide(
                Message(direction: half.pointee.direction, operation: Message.bytesOperation), call: UInt64(number),
                connection: number)
            note(decision, on: message)
            half.pointee.delay = Nanoseconds(decision.delay)
            switch decision.ending {
            case .close, .halfClose: break
            case .forward, .reply, .truncate: break
            case .hold:
                half.pointee.holder = decision.struckBy.last ?? 0
                half.pointee.heldChunk = message
                return holdable(half) ? 0 : nil
            case .reset(let after):
                message.size = min(after ?? 0, bytes.count)
                record(message, half.pointee.direction)
                ending = (half, .reset)
                let part = UnsafeRawBufferPointer(rebasing: bytes[..<message.size])
                return emit(half, part) ? bytes.count : nil
            }
        }
        record(message, half.pointee.direction)
        return emit(half, bytes) ? bytes.count : nil
    }

    /// A half has come to be held; false when its client has left already, which ends the connection.
    func holdable(_ half: HalfPointer) -> Bool {
        guard half.pointee.direction == .request, half.pointee.endIsNear else { return true }
        end(.closed)
        return false
    }

    /// Sends bytes, or queues them; false when the connection is over.
    func emit(_ half: HalfPointer, _ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes
        if half.pointee.delay > .zero { half.pointee.due = max(half.pointee.due, loop.now + half.pointee.delay) }
        while !rest.isEmpty, half.pointee.output.isEmpty, half.pointee.writable, half.pointee.due <= loop.now {
            switch transmit(half, rest) {
            case .bytes(let count): rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            case .wait, .end: half.pointee.writable = false
            case .failed:
                end(.reset)
                return false
            }
        }
        if !rest.isEmpty {
            half.pointee.output.append(rest, due: half.pointee.due)
            setTimer(half)
        }
        return true
    }

    private func drain(_ half: HalfPointer) -> Bool {
        guard drainPipe(half) else { return false }
        while half.pointee.writable, let bytes = half.pointee.output.front(at: loop.now) {
            switch transmit(half, bytes) {
            case .bytes(let count): half.pointee.output.consume(count)
            case .wait, .end: half.pointee.writable = false
            case .failed:
                end(.reset)
                return false
            }
        }
        setTimer(half)
        return true
    }

    private func setTimer(_ half: HalfPointer) {
        guard let due = half.pointee.output.nextDue, due > loop.now, due != half.pointee.timer else { return }
        half.pointee.timer = due
        loop.setTimer(due, source: self, tag: 0)
    }

    /// A window has opened or closed, or the plan has changed.
    func reconsider() {
        for half in [request, response] where !isClosed && half.pointee.isHeld {
            guard !link.isOpen(half.pointee.holder) else { continue }
            half.pointee.holder = 0
            if let message = half.pointee.heldChunk {
                let held = half.pointee.input
                (half.pointee.input, half.pointee.heldChunk) = ([], nil)
                (message.size, message.action) = (held.count, .delayed)
                record(message, half.pointee.direction)
                guard held.withUnsafeBytes({ emit(half, $0) }) else { return }
            } else if !takeInput(half) {
                return
            }
        }
        if !isClosed { pump() }
    }

    func note(_ decision: Decision, on message: MessageInPassing) {
        message.window = decision.struckBy.first ?? 0
        message.action =
            switch decision.ending {
            case .hold: .held
            case .reply: .replied
            case .reset: .reset
            case .close, .halfClose, .truncate: .cut
            case .forward:
                !decision.edits.isEmpty ? .edited : decision.delay > .zero ? .delayed : .forwarded
            }
    }

    /// Tells of a message that has ended, now or when its delay is over.
    func record(_ message: MessageInPassing, _ direction: Direction) {
        guard let history = links.history else { return }
        let half = direction == .request ? request : response
        var end = loop.now
        if message.action != .held, message.action != .cut, !message.isSwallowed {
            if half.pointee.delay > .zero { end = end + half.pointee.delay }
            end = max(end, half.pointee.due)
        }
        history.write(
            WireEvent(
                time: 0, link: link.name, connection: number, kind: .message, direction: direction,
                exchange: message.exchange, operation: message.operation, key: message.key, size: message.size,
                status: message.status, action: message.action, window: message.window, lane: lane,
                retryAfterMilliseconds: message.retryAfterMilliseconds), at: message.time, until: end)
    }
}
