import CReactor
import Glibc

/// An edge-triggered epoll loop: descriptors, timers and turns of the sources that live on it.
///
/// Not `Sendable`: it is made and used on one thread (`LoopThread`).
package final class EventLoop {
    private let epoll: Int32
    private let events: UnsafeMutablePointer<epoll_event>
    private var timers = TimerQueue()
    private var turns: [EventSource] = []
    private var retired: [Unmanaged<EventSource>] = []
    private var stopped = false
    private static let capacity = 256
    private static let wordOffset = MemoryLayout<epoll_event>.offset(of: \.data).unsafelyUnwrapped

    /// Bytes are read into this buffer by whichever source has its turn; nobody keeps them across a turn.
    package let scratch: UnsafeMutableRawBufferPointer
    /// The time when the present batch of events was taken. Cheaper than asking the clock for each message.
    @inlinable package var now: Nanoseconds { @inline(__always) get { clock.pointee } }
    /// Behind a pointer: reading another module's variable of an object costs a check each time that nobody changes it.
    @usableFromInline let clock = UnsafeMutablePointer<Nanoseconds>.allocate(capacity: 1)

    /// - Throws: `SocketError` when the process has no descriptor left.
    package init(scratchBytes: Int = 64 * 1024) throws {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw SocketError.last("make an event loop") }
        events = .allocate(capacity: Self.capacity)
        clock.initialize(to: .now())
        scratch = .allocate(byteCount: scratchBytes, alignment: 64)
    }

    deinit {
        close(epoll)
        events.deallocate()
        clock.deallocate()
        scratch.deallocate()
    }

    // MARK: Descriptors

    /// Watches a descriptor, edge-triggered and in both directions. The loop keeps `source` alive until it is retired.
    ///
    /// - Parameter tag: 0 to 3, given back in `EventSource.ready`.
    package func watch(_ descriptor: Int32, source: EventSource, tag: Int) {
        modify(
            EPOLL_CTL_ADD, descriptor, source, tag, EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | edge)
    }

    /// Watches a listening descriptor, level-triggered.
    ///
    /// - Parameter isShared: other loops watch it too, and one of them is woken for each connection (EPOLLEXCLUSIVE).
    package func watchListener(_ descriptor: Int32, source: EventSource, tag: Int = 0, isShared: Bool = false) {
        modify(EPOLL_CTL_ADD, descriptor, source, tag, EPOLLIN.rawValue | (isShared ? exclusive : 0))
    }

    /// Stops watching. Closing alone does not, while a child that was just forked still has the descriptor: epoll would go on
    /// naming a source that is gone.
    package func unwatch(_ descriptor: Int32) {
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
    }

    private var edge: UInt32 { UInt32(1) << 31 }
    private var exclusive: UInt32 { UInt32(1) << 28 }

    private func modify(_ operation: Int32, _ descriptor: Int32, _ source: EventSource, _ tag: Int, _ mask: UInt32) {
        precondition(tag >= 0 && tag < 4, "objects are aligned to 16 bytes, so two bits of the pointer are free")
        var event = epoll_event()
        event.events = mask
        event.data.u64 = UInt64(UInt(bitPattern: Unmanaged.passUnretained(source).toOpaque())) | UInt64(tag)
        let result = epoll_ctl(epoll, operation, descriptor, &event)
        precondition(result == 0, "a descriptor that epoll does not take: errno \(errno)")
    }

    // MARK: Sources

    /// Takes a source under the loop's care; `retire` ends it.
    package func adopt(_ source: EventSource) { _ = Unmanaged.passRetained(source) }

    /// Lets go of an adopted source once the present batch of events is done, since the batch may still name it.
    package func retire(_ source: EventSource) { retired.append(Unmanaged.passUnretained(source)) }

    /// Gives the source another turn after the present batch, for fairness between busy sources.
    package func again(_ source: EventSource) { turns.append(source) }

    /// Wakes the source under `tag` when the monotonic clock reaches `deadline`.
    package func setTimer(_ deadline: Nanoseconds, source: EventSource, tag: Int) {
        timers.add(deadline: deadline, source: source, tag: tag)
    }

    // MARK: Running

    /// Runs until `stop`, on the calling thread.
    package func run() {
        faultline_timer_slack(1)
        Self.blockPipeSignal()
        while !stopped { turn() }
    }

    /// splice(2) has no MSG_NOSIGNAL: a peer that is gone would end the process by SIGPIPE. Blocked on this thread alone, it
    /// stays pending here, and children that others start inherit nothing.
    private static func blockPipeSignal() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Ends `run` after the present batch.
    package func stop() { stopped = true }

    private func turn() {
        let count = faultline_epoll_wait(epoll, events, Int32(Self.capacity), timeout())
        clock.pointee = .now()
        for index in 0..<max(0, Int(count)) {
            // One field after the other: the struct is packed, and Swift would copy it as a whole.
            let event = UnsafeRawPointer(events + index)
            let mask = event.loadUnaligned(as: UInt32.self)
            let word = event.loadUnaligned(fromByteOffset: Self.wordOffset, as: UInt64.self)
            let pointer = UnsafeRawPointer(bitPattern: UInt(word & ~3)).unsafelyUnwrapped
            Unmanaged<EventSource>.fromOpaque(pointer)._withUnsafeGuaranteedRef {
                $0.ready(Readiness(rawValue: mask), tag: Int(word & 3))
            }
        }
        if !turns.isEmpty {
            let waiting = turns
            turns.removeAll(keepingCapacity: true)
            for source in waiting { source.takeTurn() }
        }
        while let (source, tag) = timers.popDue(now) { source.timerFired(tag: tag) }
        if !retired.isEmpty {
            for source in retired { source.release() }
            retired.removeAll(keepingCapacity: true)
        }
    }

    private func timeout() -> Int64 {
        if !turns.isEmpty { return 0 }
        guard let next = timers.next else { return -1 }
        return max(0, next.rawValue - Nanoseconds.now().rawValue)
    }
}
