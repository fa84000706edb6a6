import Faults
import Reactor
import Wire

/// Bytes that go nowhere, while windows that strike connections have them do so.
extension Connection {
    /// Takes notice of bytes that a window swallows or loses.
    ///
    /// - Returns: `nil` when they pass, false when the connection is over.
    func swallow(_ half: HalfPointer, _ count: Int, _ terms: Terms) -> Bool? {
        let direction = half.pointee.direction
        if let index = terms.sinks.firstIndex(where: { $0.direction == direction }) {
            recordLost(half, count, by: terms.sinks[index].window)
            return drown(index, of: terms)
        }
        var isLost = false
        for index in terms.leaks.indices where terms.leaks[index].direction == direction {
            guard terms.leaks[index].losesNext(), !isLost else { continue }
            isLost = true
            link.confirm(terms.leaks[index].window)
            recordLost(half, count, by: terms.leaks[index].window)
        }
        return isLost ? true : nil
    }

    private func recordLost(_ half: HalfPointer, _ count: Int, by window: Int) {
        // A part of a message is no message; that one is told of when its connection ends.
        guard flow == nil else { return }
        let message = MessageInPassing(chunkAt: loop.now)
        message.size = count
        (message.action, message.window) = (.lost, window)
        record(message, half.pointee.direction)
    }

    /// A sink has swallowed bytes, and may wait anew.
    private func drown(_ index: Int, of terms: Terms) -> Bool {
        let sink = terms.sinks[index]
        if !sink.hasSwallowed { link.confirm(sink.window) }
        terms.sinks[index].hasSwallowed = true
        guard let after = sink.swallowing.after, sink.swallowing.end == .close || !sink.hasSwallowed else {
            return true
        }
        let due = loop.now + Nanoseconds(after)
        terms.sinks[index].due = due
        guard due > loop.now else { return ruin(sink.swallowing.end, by: sink.window) }
        if sink.timer <= loop.now {
            terms.sinks[index].timer = due
            loop.setTimer(due, source: self, tag: 0)
        }
        return true
    }

    /// Ends the connection whose time in a sink is up, or that has come out of one; false when it is over.
    func endIfSwallowed() -> Bool {
        guard let terms, !isClosed, !isIsolated else { return !isClosed }
        if let ruined = terms.ruin {
            terms.ruin = nil
            return ruin(ruined.end, by: ruined.window)
        }
        for index in terms.sinks.indices {
            let sink = terms.sinks[index]
            guard let due = sink.due else { continue }
            guard due > loop.now else {
                terms.sinks[index].due = nil
                if !sink.hasSwallowed { link.confirm(sink.window) }
                return ruin(sink.swallowing.end, by: sink.window)
            }
            if sink.timer <= loop.now {
                terms.sinks[index].timer = due
                loop.setTimer(due, source: self, tag: 0)
            }
        }
        return true
    }

    /// Ends the connection because it has lost its place; false when it is over.
    private func ruin(_ end: Swallowing.End, by window: Int) -> Bool {
        if end == .reset || !isConnected {
            self.end(end == .reset ? .reset : .closed, window: window)
            return false
        }
        if ending == nil, !isLingering { ending = Ending(half: response, kind: .closed, window: window) }
        return true
    }
}
