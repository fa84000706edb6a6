import Synchronization

/// A clock on which back-off waits are over at once, and time limits never come: a sleep this long waits for cancellation.
final class BackOffClock: Clock, Sendable {
    static let limit = Swift.Duration.seconds(5)
    private let inner = InstantClock()

    var now: InstantClock.Instant { inner.now }
    var slept: [Swift.Duration] { inner.slept }
    let minimumResolution = Swift.Duration.nanoseconds(1)

    func sleep(until deadline: InstantClock.Instant, tolerance: Swift.Duration?) async throws {
        if now.duration(to: deadline) >= Self.limit { return try await untilCancelled() }
        try await inner.sleep(until: deadline, tolerance: tolerance)
    }
}
