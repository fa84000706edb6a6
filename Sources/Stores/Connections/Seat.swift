internal import Glibc
internal import Synchronization

/// A thread that owns one connection. The connection never leaves the thread; what is to be done with it comes as jobs,
/// one after the other.
final class Seat<Connection>: Sendable {
    typealias Job = @Sendable (inout Connection?) -> Void

    private struct State {
        var jobs: [Job] = []
        /// The thread has ended; it takes no more jobs.
        var isOver = false
    }

    private let state = Mutex(State())
    private let wakeup: Wakeup
    private let closing = Cancellation()

    private let service: String

    init(service: String) throws(Interruption) {
        self.service = service
        wakeup = try Wakeup()
        try BackgroundThread.start { self.serve() }
    }

    /// Ends the thread after the job under way, which is interrupted.
    func close() {
        closing.cancel()
        wakeup.signal()
    }

    /// Does `work` on the thread. Cancelling the calling task interrupts its waits.
    func perform<Value: Sendable>(
        _ operation: String, by deadline: Deadline,
        _ work: @escaping @Sendable (inout Connection?, Call) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let cancellation = Cancellation()
        let result = await withTaskCancellationHandler {
            await enqueue(operation, by: deadline, cancellation, work)
        } onCancel: {
            cancellation.cancel()
            wakeup.signal()
        }
        return try result.get()
    }

    /// Does `work` on the thread whether or not the calling task is cancelled.
    func performShielded<Value: Sendable>(
        _ operation: String, by deadline: Deadline,
        _ work: @escaping @Sendable (inout Connection?, Call) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        try await enqueue(operation, by: deadline, Cancellation(), work).get()
    }

    private func enqueue<Value: Sendable>(
        _ operation: String, by deadline: Deadline, _ cancellation: Cancellation,
        _ work: @escaping @Sendable (inout Connection?, Call) throws(StoreError) -> Value
    ) async -> Result<Value, StoreError> {
        let call = Call(
            operation: operation, deadline: deadline, cancellation: cancellation, wakeup: wakeup, closing: closing)
        return await withCheckedContinuation { continuation in
            let job: Job = { connection in
                let result = Result { () throws(StoreError) in try work(&connection, call) }
                continuation.resume(returning: result)
            }
            let isAccepted = state.withLock { state in
                if !state.isOver { state.jobs.append(job) }
                return !state.isOver
            }
            if isAccepted {
                wakeup.signal()
            } else {
                continuation.resume(
                    returning: .failure(StoreError(service: service, operation: operation, connecting: .closed)))
            }
        }
    }

    /// The thread's body. Jobs handed over before the end are all done, so that nobody waits for ever.
    private func serve() {
        var connection: Connection?
        while true {
            let (job, isOver) = state.withLock { state -> (Job?, Bool) in
                if !state.jobs.isEmpty { return (state.jobs.removeFirst(), false) }
                state.isOver = closing.isCancelled
                return (nil, state.isOver)
            }
            if let job {
                job(&connection)
            } else if isOver {
                return
            } else {
                var polled = pollfd(fd: wakeup.reader, events: Int16(POLLIN), revents: 0)
                _ = poll(&polled, 1, -1)
                wakeup.drain()
            }
        }
    }
}
