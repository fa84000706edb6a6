/// The moment at which a call gives up.
struct Deadline: Sendable {
    let moment: ContinuousClock.Instant

    init(after timeout: Duration) {
        moment = .now.advanced(by: timeout)
    }

    init(_ moment: ContinuousClock.Instant) {
        self.moment = moment
    }

    /// This deadline, or one that is nearer.
    func clipped(to timeout: Duration) -> Deadline {
        Deadline(min(moment, .now.advanced(by: timeout)))
    }

    /// What poll(2) waits: rounded up, so that a wait never ends before the deadline. Zero when it has passed.
    var pollMilliseconds: Int32 {
        let left = ContinuousClock.now.duration(to: moment)
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        return Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000) + 1
    }
}
