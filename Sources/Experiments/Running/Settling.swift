import Proxy

/// Waits until nothing is under way on the links.
enum Settling {
    private static let pollEvery = Duration.milliseconds(20)

    /// - Returns: nil when it came to rest, else what was still under way at the deadline.
    static func wait(for links: any LinkControl, within limit: Duration) async throws -> String? {
        let deadline = ContinuousClock.now + limit
        while true {
            let left = try await links.inFlight()
            if left.calls == 0 && left.bytes == 0 { return nil }
            if ContinuousClock.now >= deadline {
                return "the links did not come to rest within \(limit): \(left.calls) calls and \(left.bytes) bytes "
                    + "were under way"
            }
            try await Task.sleep(for: pollEvery)
        }
    }
}
