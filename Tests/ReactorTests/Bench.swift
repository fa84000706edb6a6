import Reactor

/// A loop on a thread of its own, with nobody on it but the test's sources.
final class Bench {
    let loop: EventLoop
    /// For a test to keep a source in.
    var source: EventSource?
    /// The same, without keeping it alive.
    var unowned: Unmanaged<EventSource>?

    init(_ loop: EventLoop) { self.loop = loop }

    static func thread() throws -> LoopThread<Bench> { try LoopThread(name: "bench") { Bench($0) } }
}
