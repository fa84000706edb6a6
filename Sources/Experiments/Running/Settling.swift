import Proxy

/// Waits until nothing is under way, on the links and in the pipeline.
enum Settling {
    private static let pollEvery = Duration.milliseconds(20)

    /// - Returns: nil when it came to rest, else what was still under way at the deadline.
    static func wait(
        for links: any LinkControl, and pipeline: (any Pipeline)?, within limit: Duration
    ) async throws -> String? {
        let deadline = ContinuousClock.now + limit
        while true {
            let left = try await links.inFlight()
            let unfinished = await pipeline?.unfinished() ?? 0
            if left.calls == 0, left.bytes == 0, unfinished == 0 { return nil }
            if ContinuousClock.now >= deadline {
                return "the system did not come to rest within \(limit): \(left.calls) calls, \(left.bytes) bytes "
                    + "and \(unfinished) submissions were under way"
            }
            try await Task.sleep(for: pollEvery)
        }
    }
}
