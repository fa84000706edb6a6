internal import Synchronization

/// A bounded set of seats. A call takes one for as long as it lasts, and waits in line when all are taken.
final class Pool<Connection>: Sendable {
    private struct State {
        /// Free seats, the one used last at the end, so that few connections carry a light load.
        var free: [Seat<Connection>] = []
        var all: [Seat<Connection>] = []
        var line: [Waiter] = []
        var nextWaiter = 0
        var isClosed = false
    }

    private struct Waiter {
        var id: Int
        var continuation: CheckedContinuation<Result<Seat<Connection>, Interruption>, Never>
    }

    let service: String
    private let limit: Int
    private let state = Mutex(State())

    init(service: String, limit: Int) {
        precondition(limit > 0, "a pool without seats serves nobody")
        self.service = service
        self.limit = limit
    }

    deinit {
        close()
    }

    func close() {
        let (seats, line) = state.withLock { state in
            defer {
                state.free = []
                state.all = []
                state.line = []
            }
            state.isClosed = true
            return (state.all, state.line)
        }
        for seat in seats { seat.close() }
        for waiter in line { waiter.continuation.resume(returning: .failure(.closed)) }
    }

    /// Takes a seat, does `work` on it, gives it back.
    func perform<Value: Sendable>(
        _ operation: String, by deadline: Deadline,
        _ work: @escaping @Sendable (inout Connection?, Call) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let seat = try await take(operation, by: deadline)
        defer { giveBack(seat) }
        return try await seat.perform(operation, by: deadline, work)
    }

    /// Takes a seat. Whoever takes one gives it back.
    func take(_ operation: String, by deadline: Deadline) async throws(StoreError) -> Seat<Connection> {
        do {
            return try await seat(by: deadline)
        } catch {
            let wait =
                if case .timeout = error { "no connection of \(limit) became free in time" } else { error.message }
            throw StoreError(
                service: service, operation: operation, outcome: .definite, isTransient: error.isTransient,
                code: error.code, message: wait)
        }
    }

    func giveBack(_ seat: Seat<Connection>) {
        let next = state.withLock { state -> Waiter? in
            guard !state.isClosed else { return nil }
            guard !state.line.isEmpty else {
                state.free.append(seat)
                return nil
            }
            return state.line.removeFirst()
        }
        next?.continuation.resume(returning: .success(seat))
    }

    private func seat(by deadline: Deadline) async throws(Interruption) -> Seat<Connection> {
        if Task.isCancelled { throw .cancelled }
        let ready = try state.withLock { state throws(Interruption) -> Seat<Connection>? in
            if state.isClosed { throw .closed }
            if let seat = state.free.popLast() { return seat }
            guard state.all.count < limit else { return nil }
            let seat = try Seat<Connection>(service: service)
            state.all.append(seat)
            return seat
        }
        if let ready { return ready }

        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        // Cancelled when the wait is over.
        async let _ = expire(id, at: deadline)
        let result = await withTaskCancellationHandler {
            await wait(as: id, by: deadline)
        } onCancel: {
            leave(id, because: .cancelled)
        }
        return try result.get()
    }

    private func wait(as id: Int, by deadline: Deadline) async -> Result<Seat<Connection>, Interruption> {
        await withCheckedContinuation { continuation in
            let early = state.withLock { state -> Result<Seat<Connection>, Interruption>? in
                if state.isClosed { return .failure(.closed) }
                if Task.isCancelled { return .failure(.cancelled) }
                if deadline.moment <= .now { return .failure(.timeout) }
                if let seat = state.free.popLast() { return .success(seat) }
                state.line.append(Waiter(id: id, continuation: continuation))
                return nil
            }
            if let early { continuation.resume(returning: early) }
        }
    }

    private func expire(_ id: Int, at deadline: Deadline) async {
        guard (try? await Task.sleep(until: deadline.moment)) != nil else { return }
        leave(id, because: .timeout)
    }

    private func leave(_ id: Int, because reason: Interruption) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.line.firstIndex(where: { $0.id == id }) else { return nil }
            return state.line.remove(at: index)
        }
        waiter?.continuation.resume(returning: .failure(reason))
    }
}
