/// Drives one saga: asks the decider, does what it says, enters what comes of it into the journal.
struct SagaRun: Sendable {
    let saga: Saga
    let runner: ActivityRunner
    let steps: any SagaSteps
    let record: SagaRecord
    let signals: SagaSignals
    /// Nothing cancels the steps of the way back.
    let shieldsRollback: Bool

    private let log = AttemptLog()

    init(
        saga: Saga, runner: ActivityRunner, steps: any SagaSteps, record: SagaRecord, signals: SagaSignals,
        shieldsRollback: Bool = true
    ) {
        self.saga = saga
        self.runner = runner
        self.steps = steps
        self.record = record
        self.signals = signals
        self.shieldsRollback = shieldsRollback
    }

    /// Drives the saga to its end, from wherever its journal says it is.
    ///
    /// - Throws: `JournalError`; what was under way has been stopped then.
    func drive(from history: [SagaEvent]) async throws -> IngestionResult {
        var state = SagaState(history)
        var underWay: [SagaStep: Task<Void, Never>] = [:]
        do {
            var arrivals = signals.stream.makeAsyncIterator()
            while true {
                for command in saga.decide(state) {
                    switch command {
                    case .schedule(let step):
                        try await enter(.scheduled(step), &state)
                        underWay[step] = start(step)
                    case .cancel(let step):
                        underWay[step]?.cancel()
                    case .finish(let outcome):
                        let result = result(outcome, state)
                        try await enter(.finished(result), &state)
                        return result
                    }
                }
                switch await arrivals.next() {
                case .completed(let step, let facts):
                    underWay[step] = nil
                    try await enter(.completed(step, facts), &state)
                case .failed(let step, let failure):
                    underWay[step] = nil
                    try await enter(.failed(step, failure), &state)
                case .cancel where !state.isCancelled:
                    try await enter(.cancelRequested, &state)
                case .cancel:
                    break
                case .stop, nil:
                    await Self.end(underWay)
                    return result(nil, state)
                }
            }
        } catch {
            await Self.end(underWay)
            throw error
        }
    }

    /// A step runs on its own, so that neither an earlier failure nor whoever asked for the saga takes it along.
    private func start(_ step: SagaStep) -> Task<Void, Never> {
        let task = Task { [runner, steps, log, signals, document = record.request.document] in
            do {
                let facts = try await runner.run(
                    step.activity, document: "\(document)/\(step)", log: log, chunks: { steps.chunks }
                ) { try await steps.perform(step) }
                signals.send(.completed(step, facts))
            } catch {
                let failure = error as? AttemptFailure ?? AttemptFailure(error, in: step.activity)
                signals.send(.failed(step, failure))
            }
        }
        if case .restore = step, !shieldsRollback { task.cancel() }
        return task
    }

    private func enter(_ event: SagaEvent, _ state: inout SagaState) async throws {
        let record = record
        let isDurable = event.isDurable
        if isDurable {
            try await Disk.run { try record.append(event, isDurable: true) }
        } else {
            try record.append(event, isDurable: false)
        }
        state.apply(event)
    }

    private func result(_ outcome: SagaOutcome?, _ state: SagaState) -> IngestionResult {
        IngestionResult(
            record.request, outcome, state,
            attempts: Dictionary(uniqueKeysWithValues: log.attempts.map { ($0.key.name, $0.value) }),
            failures: log.failures)
    }

    private static func end(_ tasks: [SagaStep: Task<Void, Never>]) async {
        for task in tasks.values { task.cancel() }
        for task in tasks.values { await task.value }
    }
}

extension SagaEvent {
    /// Must be on the disk before anything else happens: what comes next is seen outside.
    var isDurable: Bool {
        switch self {
        case .scheduled(.write), .scheduled(.remove), .scheduled(.restore), .finished: true
        default: false
        }
    }
}
