import Proxy
import Testing

/// Hears of each message for which a process is to be struck.
struct Summoned: Sendable {
    private let stream: AsyncStream<Summons>

    init(_ links: TestLinks) {
        let (stream, arrived) = AsyncStream.makeStream(of: Summons.self)
        self.stream = stream
        links.links.onSummons { arrived.yield($0) }
    }

    /// Waits for the next.
    func next() async throws -> Summons {
        for await summons in stream { return summons }
        throw CancellationError()
    }
}
