import CReactor
import Glibc
import Synchronization

/// A thread with an event loop and one resident, the object that owns all that happens on it.
///
/// The resident never leaves the thread: others post work, which is done between two batches of events. Posting neither
/// waits nor takes a lock that the loop holds for long, so the two sides cannot hold each other up.
package final class LoopThread<Resident>: Sendable {
    package typealias Work = @Sendable (Resident) -> Void

    private final class Mailbox: Sendable {
        struct State {
            var work: [Work] = []
            var closed = false
        }

        let state = Mutex(State())
        let bell: Int32

        init() throws {
            bell = faultline_bell()
            guard bell >= 0 else { throw SocketError.last("make a thread's mailbox") }
        }

        deinit { close(bell) }
    }

    private let mailbox: Mailbox

    /// Starts the thread.
    ///
    /// - Parameter makeResident: called on the new thread.
    /// - Throws: `SocketError` when the process has no descriptor left.
    package init(name: String, makeResident: @escaping @Sendable (EventLoop) -> Resident) throws {
        let mailbox = try Mailbox()
        self.mailbox = mailbox
        try Thread.start(name: name) {
            guard let loop = try? EventLoop() else { return mailbox.state.withLock { $0.closed = true } }
            let resident = makeResident(loop)
            let postman = Postman(mailbox: mailbox, resident: resident, loop: loop)
            loop.adopt(postman)
            loop.watchListener(mailbox.bell, source: postman)
            loop.run()
        }
    }

    /// Has `work` done on the thread, soon. Does nothing once the thread has stopped.
    package func post(_ work: @escaping Work) {
        let rang = mailbox.state.withLock { state in
            guard !state.closed else { return false }
            state.work.append(work)
            return state.work.count == 1
        }
        if rang { faultline_bell_ring(mailbox.bell) }
    }

    /// Has `work` done on the thread and waits for what it returns.
    ///
    /// - Throws: what `work` throws; `CancellationError` when the thread has stopped.
    package func call<Value: Sendable>(_ work: @escaping @Sendable (Resident) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let accepted = mailbox.state.withLock { state in
                guard !state.closed else { return false }
                state.work.append { resident in
                    continuation.resume(with: Result { try work(resident) })
                }
                return true
            }
            if accepted {
                faultline_bell_ring(mailbox.bell)
            } else {
                continuation.resume(throwing: CancellationError())
            }
        }
    }

    /// Does `last` on the thread, then ends it.
    package func stop(_ last: @escaping Work) async {
        let mailbox = mailbox
        try? await call { resident in
            last(resident)
            mailbox.state.withLock { $0.closed = true }
        }
    }

    /// Takes the posted work out of the mailbox and does it.
    private final class Postman: EventSource {
        let mailbox: Mailbox
        let resident: Resident
        unowned let loop: EventLoop

        init(mailbox: Mailbox, resident: Resident, loop: EventLoop) {
            self.mailbox = mailbox
            self.resident = resident
            self.loop = loop
        }

        override func ready(_ readiness: Readiness, tag: Int) {
            faultline_bell_silence(mailbox.bell)
            for item in takeWork() { item(resident) }
            guard mailbox.state.withLock({ $0.closed }) else { return }
            // What was accepted while the last batch was worked off is the last there is: some caller waits for it.
            for item in takeWork() { item(resident) }
            loop.unwatch(mailbox.bell)
            loop.retire(self)
            loop.stop()
        }

        private func takeWork() -> [Work] {
            mailbox.state.withLock { state in
                defer { state.work.removeAll(keepingCapacity: true) }
                return state.work
            }
        }
    }
}
