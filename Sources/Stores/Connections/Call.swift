internal import Glibc
internal import Synchronization

/// Whether the caller still wants the answer. Set from any thread.
final class Cancellation: Sendable {
    private let flag = Atomic(false)

    var isCancelled: Bool { flag.load(ordering: .acquiring) }
    func cancel() { flag.store(true, ordering: .releasing) }
}

/// One call as its connection's thread sees it: until when to wait, and what ends the wait early.
struct Call: Sendable {
    /// The operation, for errors.
    var operation: String
    var deadline: Deadline
    var cancellation: Cancellation
    let wakeup: Wakeup
    /// Set when the client is closed.
    let closing: Cancellation

    func check() throws(Interruption) {
        if closing.isCancelled { throw .closed }
        if cancellation.isCancelled { throw .cancelled }
    }

    /// Waits until a descriptor is ready for one of `events` (POLLIN, POLLOUT) or has failed.
    @discardableResult
    func wait(for descriptor: Int32, _ events: Int32) throws(Interruption) -> Int32 {
        while true {
            try check()
            var polled = [
                pollfd(fd: descriptor, events: Int16(events), revents: 0),
                pollfd(fd: wakeup.reader, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&polled, 2, deadline.pollMilliseconds)
            if ready < 0 {
                guard errno == EINTR else { throw .system(operation: "poll", errno) }
                continue
            }
            if ready == 0 {
                try check()
                throw .timeout
            }
            if polled[1].revents != 0 { wakeup.drain() }
            if polled[0].revents != 0 {
                try check()
                return Int32(polled[0].revents)
            }
        }
    }
}
