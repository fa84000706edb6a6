import Reactor
import Wire

/// What a connection adds to its link's counts.
extension Connection {
    /// When a message that ends now has been passed on whole; now, where it is not.
    func endOfPassing(_ half: HalfPointer, _ message: MessageInPassing) -> Nanoseconds {
        guard message.action != .held, message.action != .cut, !message.isSwallowed else { return loop.now }
        let end = half.pointee.delay > .zero ? loop.now + half.pointee.delay : loop.now
        return max(end, half.pointee.due) + half.pointee.output.timeAtRate
    }

    /// What is done to messages that arrive all the same.
    private static let passing: Set<WireEvent.Action> = [
        .forwarded, .delayed, .edited, .replied, .corrupted, .shaped, .duplicated,
    ]

    /// A message has ended.
    ///
    /// - Parameter end: when it has been passed on whole.
    func count(_ half: HalfPointer, _ message: MessageInPassing, until end: Nanoseconds) {
        if !message.isChunk { half.pointee.counts.pointee.messages += 1 }
        guard end > loop.now || message.heldFor > .zero, Self.passing.contains(message.action), !message.isSwallowed
        else { return }
        // At a rate, most of a long message has waited before its end is there.
        let added = half.pointee.output.timeAtRate > .zero ? end - message.time : end - loop.now + message.heldFor
        half.pointee.counts.pointee.addedLatency.observe(added.rawValue)
    }

    /// Messages have passed untouched, now or when delayed ones before them have.
    @inline(__always)
    func countPassed(_ half: HalfPointer, messages: Int = 1) {
        half.pointee.counts.pointee.messages += messages
        guard half.pointee.due > loop.now else { return }
        half.pointee.counts.pointee.addedLatency.observe(
            (half.pointee.due - loop.now).rawValue, count: max(messages, 1))
    }
}
