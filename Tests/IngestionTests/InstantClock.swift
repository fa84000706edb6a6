import Synchronization

/// A clock on which every sleep is over at once; it remembers how long each would have been.
final class InstantClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset = Swift.Duration.zero

        func advanced(by duration: Swift.Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Swift.Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let state = Mutex<(now: Instant, slept: [Swift.Duration])>((Instant(), []))

    var now: Instant { state.withLock { $0.now } }
    var slept: [Swift.Duration] { state.withLock { $0.slept } }
    let minimumResolution = Swift.Duration.nanoseconds(1)

    func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
        try Task.checkCancellation()
        state.withLock {
            $0.slept.append($0.now.duration(to: deadline))
            $0.now = max($0.now, deadline)
        }
    }
}
