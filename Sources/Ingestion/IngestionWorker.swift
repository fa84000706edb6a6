import Synchronization

/// The reference worker on the embedded engine: it drives a saga for each submission, in this process, and its journal lets
/// another worker end what a dead one began.
package final class IngestionWorker: Sendable {
    private struct Running {
        var signals: SagaSignals
        var task: Task<IngestionResult, Never>
    }

    private let configuration: WorkerConfiguration
    private let behaviour: WorkerBehaviour
    private let journal: SagaJournal
    private let runner: ActivityRunner
    private let makeSteps: @Sendable (IngestionRequest) -> any SagaSteps
    private let running = Mutex<[String: Running]>([:])

    package convenience init(
        configuration: WorkerConfiguration, journal: SagaJournal, defects: Set<Defect> = [],
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        let behaviour = WorkerBehaviour(defects: defects)
        let changed = behaviour.changed(configuration)
        let activities = Activities(configuration: changed, behaviour: behaviour)
        self.init(configuration: changed, behaviour: behaviour, journal: journal, clock: clock) { request in
            DocumentSteps(
                request, activities: activities, snapshots: journal.snapshots, folder: changed.temporaryFolder)
        }
    }

    /// A worker whose steps are somebody else's.
    package init(
        configuration: WorkerConfiguration, behaviour: WorkerBehaviour, journal: SagaJournal,
        clock: any Clock<Duration>, makeSteps: @escaping @Sendable (IngestionRequest) -> any SagaSteps
    ) {
        self.configuration = configuration
        self.behaviour = behaviour
        self.journal = journal
        self.makeSteps = makeSteps
        runner = ActivityRunner(policies: configuration.policies, clock: clock, seed: configuration.seed)
    }

    /// Does what is asked. Never throws: what went wrong is in the result. The same id again gives the same result, or
    /// joins the saga that runs. Cancelling the calling task cancels the saga, which then undoes what it did before this returns.
    package func perform(_ request: IngestionRequest) async -> IngestionResult {
        let task = running.withLock { running in
            if let current = running[request.id] { return current.task }
            let signals = SagaSignals()
            // On its own, so that its undo outlives the caller's cancellation.
            let task = Task {
                let result = await self.conduct(request, signals)
                self.running.withLock { $0[request.id] = nil }
                return result
            }
            running[request.id] = Running(signals: signals, task: task)
            return task
        }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            send(.cancel, to: request.id)
        }
    }

    /// Performs many, at most `concurrency` of them at once; results in the order of the requests.
    package func perform(_ requests: [IngestionRequest]) async -> [IngestionResult] {
        await bounded(requests.count) { await self.perform(requests[$0]) }.compactMap { $0 }
    }

    /// Ends what the journal has unfinished, forward where that still can be, else back. Sagas that somebody runs are left alone.
    package func resume() async -> [IngestionResult] {
        let paths = journal.unfinishedPaths()
        return await bounded(paths.count) { await self.resume(paths[$0]) }.compactMap { $0 }
    }

    /// Asks a saga that runs to undo what it did.
    package func cancel(_ id: String) async {
        send(.cancel, to: id)
    }

    /// Leaves every saga that runs as it is; each is `unknown` and can be resumed. Returns when none runs any more.
    package func stop() async {
        let current = running.withLock { Array($0.values) }
        for run in current { run.signals.send(.stop) }
        for run in current { _ = await run.task.value }
    }

    private func send(_ signal: SagaSignals.Signal, to id: String) {
        running.withLock { $0[id] }?.signals.send(signal)
    }

    // MARK: One saga

    private func conduct(_ request: IngestionRequest, _ signals: SagaSignals) async -> IngestionResult {
        do {
            if let result = try journal.result(of: request.id) { return result }
            guard behaviour.locksDocuments else { return await drive(try journal.begin(request), signals) }
            let lock = try await journal.lock(request.document)
            defer { journal.unlock(lock, request.document) }
            // Whoever began these is dead, or the document were not free.
            for path in journal.unfinishedPaths(of: request.document) {
                guard let left = try journal.reopen(path) else { continue }
                let result = await takeOver(left, left.request.id == request.id ? signals : nil)
                if result.id == request.id { return result }
                if case .unknown = result.outcome { return Self.stopped(request) }
            }
            if let result = try journal.result(of: request.id) { return result }
            if signals.isStopped { return Self.stopped(request) }
            return await drive(try journal.begin(request), signals)
        } catch {
            // Of a saga that was begun before nobody knows what it did.
            let failures = [Self.failure(error)]
            return IngestionResult(
                request, outcome: journal.hasBegun(request) ? .unknown(failures) : .rolledBack(failures))
        }
    }

    private func resume(_ path: String) async -> IngestionResult? {
        guard let request = SagaRecord.request(of: path) else { return nil }
        do {
            guard let lock = try journal.lockIfFree(request.document) else { return nil }
            defer { journal.unlock(lock, request.document) }
            guard let record = try journal.reopen(path) else { return nil }
            return await takeOver(record, nil)
        } catch {
            return IngestionResult(request, outcome: .unknown([Self.failure(error)]))
        }
    }

    /// Goes on with the saga of a worker that died.
    /// - Parameter signals: nil for one that nobody waits for yet.
    private func takeOver(_ record: SagaRecord, _ signals: SagaSignals?) async -> IngestionResult {
        if let signals { return await drive(record, signals, isResumed: true) }
        let own = SagaSignals()
        let task = Task { await self.drive(record, own, isResumed: true) }
        running.withLock { $0[record.request.id] = Running(signals: own, task: task) }
        defer { running.withLock { $0[record.request.id] = nil } }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            own.send(.cancel)
        }
    }

    private func drive(
        _ record: SagaRecord, _ signals: SagaSignals, isResumed: Bool = false
    ) async -> IngestionResult {
        let run = SagaRun(
            saga: Saga(rules: behaviour.rules), runner: runner, steps: makeSteps(record.request), record: record,
            signals: signals, shieldsRollback: behaviour.shieldsRollback)
        do {
            if isResumed { try record.append(.resumed, isDurable: true) }
            let result = try await run.drive(from: record.history + (isResumed ? [.resumed] : []))
            if case .unknown = result.outcome { return result }
            // A record that stays where it is says itself that it has ended.
            try? journal.file(record)
            return result
        } catch {
            // What was done stays in the journal, for a worker that can write it.
            return IngestionResult(record.request, outcome: .unknown([Self.failure(error)]))
        }
    }

    private static func failure(_ error: any Error) -> AttemptFailure {
        AttemptFailure(activity: .cleanUp, code: "Journal", reason: String(describing: error))
    }

    private static func stopped(_ request: IngestionRequest) -> IngestionResult {
        IngestionResult(request, outcome: .unknown([]))
    }

    /// Runs `work` for 0..<count, at most `concurrency` at once; answers in order.
    private func bounded<Value: Sendable>(
        _ count: Int, _ work: @escaping @Sendable (Int) async -> Value?
    ) async -> [Value?] {
        await withTaskGroup(of: (Int, Value?).self) { group in
            var values = [Value?](repeating: nil, count: count)
            var next = 0
            while next < min(configuration.concurrency, count) {
                let index = next
                group.addTask { (index, await work(index)) }
                next += 1
            }
            while let (index, value) = await group.next() {
                values[index] = value
                guard next < count else { continue }
                let following = next
                group.addTask { (following, await work(following)) }
                next += 1
            }
            return values
        }
    }
}
