internal import Glibc
internal import Synchronization

/// A thread that owns one connection. The connection never leaves the thread; what is to be done with it comes as jobs,
/// one after the other.
final class Seat<Connection>: Sendable {
    typealias Job = @Sendable (inout Connection?) -> Void

    private struct State {
        var jobs: [Job] = []
    }

    private let state = Mutex(State())
    private let wakeup: Wakeup
    private let closing = Cancellation()

    init() throws(Interruption) {
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
            state.withLock { state in
                state.jobs.append { connection in
                    let result = Result { () throws(StoreError) in try work(&connection, call) }
                    continuation.resume(returning: result)
                }
            }
            wakeup.signal()
        }
    }

    /// The thread's body. Jobs handed over before the end are all done, so that nobody waits for ever.
    private func serve() {
        var connection: Connection?
        while true {
            if let job = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) {
                job(&connection)
            } else if closing.isCancelled {
                return
            } else {
                var polled = pollfd(fd: wakeup.reader, events: Int16(POLLIN), revents: 0)
                _ = poll(&polled, 1, -1)
                wakeup.drain()
            }
        }
    }
}
