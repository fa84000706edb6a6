/// The clock that leases run by.
package struct LiveClock: Sendable {
    /// Never goes back.
    package var now: @Sendable () -> Duration
    package var sleep: @Sendable (_ duration: Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (_ duration: Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    package static let continuous: LiveClock = {
        let start = ContinuousClock.now
        return LiveClock(now: { ContinuousClock.now - start }, sleep: { try await Task.sleep(for: $0) })
    }()
}
