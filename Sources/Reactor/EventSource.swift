import CReactor

/// What epoll says of a descriptor.
public struct Readiness: OptionSet, Sendable {
    /// epoll's own mask.
    public var rawValue: UInt32

    /// Takes epoll's own mask.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let readable = Readiness(rawValue: EPOLLIN.rawValue)
    package static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
    /// The peer has sent FIN.
    package static let peerClosed = Readiness(rawValue: EPOLLRDHUP.rawValue)
    package static let hangup = Readiness(rawValue: EPOLLHUP.rawValue)
    /// The peer has sent RST, or a connect has failed.
    package static let failed = Readiness(rawValue: EPOLLERR.rawValue)
}

/// Something that an event loop wakes: it owns up to two descriptors and any number of timers, told apart by a tag.
///
/// Open, as only that lets another module inherit. A class rather than a protocol, so that the loop's dispatch is one indirect call. Confined to its
/// loop's thread.
open class EventSource {
    /// Nothing is watched yet.
    public init() {}

    /// A descriptor that was watched under `tag` is ready.
    open func ready(_ readiness: Readiness, tag: Int) {}

    /// A timer that was set under `tag` is due. Timers are not cancelled: a source that no longer wants one ignores it.
    open func timerFired(tag: Int) {}

    /// The source asked for another turn (`EventLoop.again`).
    open func takeTurn() {}
}
