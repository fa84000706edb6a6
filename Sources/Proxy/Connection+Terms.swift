import Faults
import Reactor
import Wire

/// What becomes of a connection as a whole while windows that strike connections are open.
extension Connection {
    /// Asks the open windows that have not been asked about this connection yet.
    func admit(isNew: Bool) {
        guard !isClosed else { return }
        wasAdmitted = true
        for (window, intent) in link.windows.admit(
            number, port: portInSight, isNew: isNew, at: loop.now) where !isClosed
        {
            meet(intent, of: window)
        }
    }

    private func meet(_ intent: ConnectionIntent, of window: Int) {
        if case .turnAway = intent {
            link.confirm(window)
            return end(.reset, window: window)
        }
        let terms = terms ?? Terms()
        self.terms = terms
        switch intent {
        case .turnAway: break
        case .dialLate(let delay):
            guard upstream < 0 else { return }
            let due = max(loop.now + Nanoseconds(delay), terms.lateDial?.due ?? .zero)
            terms.lateDial = (window, due)
            loop.setTimer(due, source: self, tag: 0)
            link.confirm(window)
        case .endLate(let delay, let direction):
            for direction in directions(direction) {
                terms.lateEnds.append(
                    Terms.LateEnd(window: window, direction: direction, delay: Nanoseconds(delay)))
            }
        case .limit(let bytes, let direction):
            for direction in directions(direction) {
                terms.limits.append(Terms.Limit(window: window, direction: direction, bytesLeft: bytes))
            }
        case .swallow(let swallowing, let direction):
            let due = swallowing.end == .close ? swallowing.after.map { loop.now + Nanoseconds($0) } : nil
            for direction in directions(direction) {
                let sink = Terms.Sink(
                    window: window, direction: direction, swallowing: swallowing, due: due, timer: due ?? .zero)
                terms.sinks.append(sink)
            }
            if let due { loop.setTimer(due, source: self, tag: 0) }
        case .lose(let loss, let direction):
            for direction in directions(direction) {
                let seed = link.windows.access(at: loop.now) { windows, _ in
                    windows.seed(of: window, connection: number, direction: direction)
                }
                terms.leaks.append(
                    Terms.Leak(
                        window: window, direction: direction, loss: loss, random: SeededRandom(seed: seed)))
            }
        case .isolate:
            terms.isolators.append(window)
            let something = upstream < 0 || waitingBytes > 0 || request.pointee.readable || response.pointee.readable
            if something || terms.hasMissed { proveIsolation(terms) }
        }
    }

    private func directions(_ direction: Direction?) -> [Direction] { direction.map { [$0] } ?? [.request, .response] }

    /// Drops what windows that are over have laid upon the connection. Nothing moves yet: others may lay something upon it.
    func letGo() {
        for half in [request, response] {
            if half.pointee.isHeld, !link.isOpen(half.pointee.holder) {
                half.pointee.holder = 0
                half.pointee.wasHeld = true
            }
            releaseShapes(half)
        }
        guard let terms else { return }
        terms.limits.removeAll { !link.isOpen($0.window) }
        terms.lateEnds.removeAll { !link.isOpen($0.window) }
        terms.leaks.removeAll { !link.isOpen($0.window) }
        for sink in terms.sinks where sink.hasSwallowed && !link.isOpen(sink.window) {
            terms.ruin = terms.ruin ?? (sink.window, sink.swallowing.end)
        }
        terms.sinks.removeAll { !link.isOpen($0.window) }
        terms.isolators.removeAll { !link.isOpen($0) }
        terms.provenIsolators.formIntersection(terms.isolators)
        if let late = terms.lateDial, !link.isOpen(late.window) { terms.lateDial = nil }
    }

    /// Goes on with whatever nothing holds back any more.
    func goOn() {
        guard !isClosed, !isIsolated, endIfSwallowed() else { return }
        // First what was held: what came while the connection was isolated is behind it. While the connection is being ended,
        // what is held goes nowhere.
        for half in [request, response]
        where !isClosed && !isEnding && half.pointee.wasHeld && !half.pointee.isCutShort {
            half.pointee.wasHeld = false
            if half.pointee.hangs { return end(.reset, window: half.pointee.message?.window ?? 0) }
            guard resume(half) else { return }
        }
        if let terms, !isClosed {
            let missed = terms.missed
            terms.missed = ([], [])
            if terms.isEmpty { self.terms = nil }
            if upstream < 0, terms.lateDial == nil { dial() }
            for (readiness, tag) in [(missed.client, 0), (missed.upstream, 1)] where !readiness.isEmpty && !isClosed {
                ready(readiness, tag: tag)
            }
        }
        if !isClosed { pump() }
    }

    /// Passes on what was held.
    private func resume(_ half: HalfPointer) -> Bool {
        guard flow == nil, let message = half.pointee.message else {
            return half.pointee.input.isEmpty || takeInput(half)
        }
        let held = half.pointee.input
        (half.pointee.input, half.pointee.message, half.pointee.heldDecision) = ([], nil, nil)
        (message.size, message.action) = (held.count, .delayed)
        message.heldFor = loop.now - message.time
        return held.withUnsafeBytes { emitRecorded(half, $0, message) }
    }

    // MARK: Isolation

    var isIsolated: Bool { terms?.isIsolated == true }

    /// Something has come that an isolated connection must not notice now.
    func miss(_ readiness: Readiness, tag: Int, _ terms: Terms) {
        if tag == 0 { terms.missed.client.formUnion(readiness) } else { terms.missed.upstream.formUnion(readiness) }
        if terms.hasMissed { proveIsolation(terms) }
    }

    private func proveIsolation(_ terms: Terms) {
        for window in terms.isolators where terms.provenIsolators.insert(window).inserted { link.confirm(window) }
    }

    // MARK: Dialling

    /// Whether nobody may dial yet.
    var mustNotDial: Bool { terms.map { $0.isIsolated || $0.lateDial != nil } == true }

    /// Dials if what it waited for is over.
    func dialIfDue() {
        guard let terms, let late = terms.lateDial, late.due <= loop.now else { return }
        terms.lateDial = nil
        dial()
    }

    // MARK: Ends and limits

    /// Whether the end of a stream, which is due otherwise, must wait.
    func holdsEnd(_ direction: Direction) -> Bool {
        guard let terms else { return false }
        var holds = false
        for index in terms.lateEnds.indices where terms.lateEnds[index].direction == direction {
            if terms.lateEnds[index].due == nil {
                let due = loop.now + terms.lateEnds[index].delay
                terms.lateEnds[index].due = due
                loop.setTimer(due, source: self, tag: 0)
                link.confirm(terms.lateEnds[index].window)
            }
            if let due = terms.lateEnds[index].due, due > loop.now { holds = true }
        }
        return holds
    }

    /// Passes new bytes of a half as far as its limits allow; the rest is lost, and the connection ends.
    func takeLimited(_ half: HalfPointer, _ bytes: UnsafeRawBufferPointer, _ terms: Terms) -> Bool {
        let direction = half.pointee.direction
        if let goesOn = swallow(half, bytes.count, terms) { return goesOn }
        guard let tightest = terms.tightest(direction) else { return takeWhole(half, bytes) }
        let limit = terms.limits[tightest]
        let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(limit.bytesLeft))
        terms.spend(part.count, direction)
        guard part.isEmpty || takeWhole(half, part) else { return false }
        guard limit.bytesLeft == part.count, !isEnding else { return true }
        link.confirm(limit.window)
        ending = Ending(half: half, kind: .closed, window: limit.window)
        return true
    }
}
