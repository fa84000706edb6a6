import Consistency
package import Temporal

/// The saga as a workflow of Temporal: reads the history as the saga's events, and the saga's commands as the server's.
///
/// A workflow has one submission's id, so a submission that is made again joins it. That one saga at a time works on a
/// document is seen to by a child with the document's id: ids of running workflows are unique, and it ends with its parent, however that ends.
package struct SagaWorkflow: WorkflowDecider {
    /// The type under which workers know it.
    package static let type = "DocumentIngestion"

    /// Where the document's lock is.
    private enum Lock: Hashable {
        case wanted
        case asked
        /// Somebody else has it; a timer runs until it is asked for again.
        case waiting
        case held
    }

    private let saga: Saga
    private let policies: ActivityPolicies
    private let taskQueue: String
    private let locksDocuments: Bool

    private(set) var state = SagaState()
    /// Steps by the place of the event that scheduled them.
    private var steps: [Int: SagaStep] = [:]
    private var underWay: [SagaStep: Int] = [:]
    private var cancelAsked: Set<SagaStep> = []
    private var attempts: [String: Int] = [:]
    private var failures: [AttemptFailure] = []
    private var largest = 0
    private var lock = Lock.wanted
    private var lockRefusals = 0
    private var isWaitStarted = false
    private var malformed: String?

    package init(
        saga: Saga = Saga(), policies: ActivityPolicies = ActivityPolicies(), taskQueue: String,
        locksDocuments: Bool = true
    ) {
        self.saga = saga
        self.policies = policies
        self.taskQueue = taskQueue
        self.locksDocuments = locksDocuments
    }

    // MARK: History

    package mutating func apply(_ event: WorkflowEvent) {
        switch event.kind {
        case .started(_, let arguments): begin(arguments)
        case .cancelRequested: state.apply(.cancelRequested)
        case .activityScheduled(let id, _):
            guard let step = SagaStep(description: id) else { return }
            steps[event.id] = step
            underWay[step] = event.id
            state.apply(.scheduled(step))
        case .activityStarted(let scheduled, let attempt):
            if let step = steps[scheduled] { attempts[step.activity.name, default: 0] += attempt }
        case .activityCompleted(let scheduled, let result): complete(scheduled, result)
        case .activityFailed(let scheduled, let failure): fail(scheduled) { Self.failure(failure, of: $0) }
        case .activityTimedOut(let scheduled, let failure): fail(scheduled) { Self.failure(failure, of: $0) }
        case .activityCancelled(let scheduled): fail(scheduled) { (AttemptFailure(CancellationError(), in: $0), []) }
        case .activityCancelRequested(let scheduled):
            if let step = steps[scheduled] { cancelAsked.insert(step) }
        case .childInitiated: lock = .asked
        case .childStarted: lock = .held
        case .childNotStarted:
            lock = .waiting
            lockRefusals += 1
            isWaitStarted = false
        case .timerStarted: isWaitStarted = true
        case .timerFired, .timerCancelled: if lock == .waiting { lock = .wanted }
        case .completed, .failed, .cancelled, .terminated, .timedOut, .childClosed, .signalled, .workflowTaskCompleted,
            .workflowTaskFailed, .other:
            break
        }
    }

    private mutating func begin(_ arguments: [Payload]) {
        guard let argument = arguments.first else {
            malformed = "the workflow has no argument; it wants one ingestion request"
            return
        }
        do {
            state.apply(.requested(try argument.decoded(IngestionRequest.self)))
        } catch {
            malformed = "the workflow's argument is no ingestion request: \(error)"
        }
    }

    private mutating func complete(_ scheduled: Int, _ result: [Payload]) {
        guard let step = end(scheduled) else { return }
        guard let report = try? result.first?.decoded(StepReport.self), let facts = report.facts else {
            let failure = AttemptFailure(
                activity: step.activity, code: "BadResult", reason: "the activity's result is not a step's",
                mayHaveLanded: step.activity.hasEffect)
            failures.append(failure)
            state.apply(.failed(step, failure))
            return
        }
        failures += report.failures
        if case .stood(_, let chunks) = facts { largest = max(largest, chunks) }
        state.apply(.completed(step, facts))
        largest = max(largest, state.chunks)
    }

    private mutating func fail(
        _ scheduled: Int, _ read: (Activity) -> (deciding: AttemptFailure, all: [AttemptFailure])
    ) {
        guard let step = end(scheduled) else { return }
        let (failure, all) = read(step.activity)
        failures += all.isEmpty ? [failure] : all
        state.apply(.failed(step, failure))
    }

    private mutating func end(_ scheduled: Int) -> SagaStep? {
        guard let step = steps.removeValue(forKey: scheduled) else { return nil }
        underWay[step] = nil
        cancelAsked.remove(step)
        return step
    }

    /// A worker's own words where it had the time to say them; of one that was not heard of any more, the server's.
    private static func failure(
        _ failure: TemporalFailure, of activity: Activity
    ) -> (deciding: AttemptFailure, all: [AttemptFailure]) {
        if case .application(let said) = failure,
            let report = try? said.details.first?.decoded(StepReport.self), var last = report.failures.last
        {
            last.mayHaveLanded = report.mayHaveLanded
            return (last, report.failures)
        }
        let code: String
        switch failure {
        case .timeout: code = "Timeout"
        case .application(let said): code = said.type
        default: code = "Worker"
        }
        let lost = AttemptFailure(
            activity: activity, service: activity.service, code: code, reason: failure.description,
            mayHaveLanded: activity.hasEffect)
        return (lost, [])
    }

    // MARK: Commands

    package func decide() -> [WorkflowCommand] {
        if let malformed {
            return [
                .fail(
                    .application(
                        TemporalFailure.Application(type: "BadArgument", message: malformed, isRetryable: false)))
            ]
        }
        guard let request = state.request else { return [] }
        // One that is cancelled while it waits has touched nothing, and needs no lock to say so.
        if locksDocuments, lock != .held, !state.isCancelled { return locking(request) }
        return saga.decide(state).compactMap { command(for: $0, request) }
    }

    private func locking(_ request: IngestionRequest) -> [WorkflowCommand] {
        switch lock {
        case .wanted:
            [
                .startChild(
                    ChildOrder(
                        workflow: DocumentLockWorkflow.id(of: request.document), type: DocumentLockWorkflow.type,
                        taskQueue: taskQueue))
            ]
        case .waiting where !isWaitStarted: [.startTimer(id: "lock-\(lockRefusals)", Self.wait(lockRefusals))]
        case .asked, .waiting, .held: []
        }
    }

    private static func wait(_ refusals: Int) -> Duration {
        min(.milliseconds(50) * (1 << min(refusals, 5)), .seconds(1))
    }

    /// - Returns: nil for what has been commanded already.
    private func command(for command: SagaCommand, _ request: IngestionRequest) -> WorkflowCommand? {
        switch command {
        case .schedule(let step): return .scheduleActivity(order(step, request))
        case .cancel(let step):
            guard !cancelAsked.contains(step), let scheduled = underWay[step] else { return nil }
            return .cancelActivity(scheduled: scheduled)
        case .finish(let outcome):
            let result = IngestionResult(request, outcome, state, attempts: attempts, failures: failures)
            return .complete([Self.payload(result)])
        }
    }

    private func order(_ step: SagaStep, _ request: IngestionRequest) -> ActivityOrder {
        let task = StepTask(request: request, digest: state.digest, chunks: largest)
        let limit = policies[step.activity].startToClose(chunks: largest)
        return ActivityOrder(
            id: step.description, type: step.activity.name, arguments: [Self.payload(task)],
            // The worker ends a try by itself; the server's limit is for a worker that cannot.
            startToClose: (limit ?? Self.longest) + Self.margin, heartbeat: Self.heartbeat,
            // Waits after a failure are the worker's to say. These are for tries of which nobody heard.
            retry: ServerRetry(first: .milliseconds(100), factor: 2, cap: .seconds(1)))
    }

    private static let margin = Duration.seconds(30)
    private static let longest = Duration.seconds(3600)
    /// A worker that is heard of less often than this is taken for dead.
    package static let heartbeat = Duration.seconds(5)

    static func payload(_ value: some Encodable) -> Payload {
        guard let payload = try? Payload(encoding: value) else {
            preconditionFailure("the saga's values are plain JSON")
        }
        return payload
    }

    package func answer(query: String, arguments: [Payload]) -> Payload? {
        guard query == "status" else { return nil }
        return Self.payload(Status(state, lock == .held))
    }

    /// What the query `status` tells.
    private struct Status: Encodable {
        var document: String?
        var hasLock: Bool
        var isGoingBack: Bool
        var underWay: [String]
        var changed: [String]
        var restored: [String]
        var failures: [String]

        init(_ state: SagaState, _ hasLock: Bool) {
            document = state.request?.document
            self.hasLock = hasLock
            isGoingBack = state.isGoingBack || state.isCancelled
            underWay = state.underWay.map(\.description).sorted()
            changed = state.changed.map(\.rawValue).sorted()
            restored = state.restored.map(\.rawValue).sorted()
            failures = state.failures.map(\.description)
        }
    }
}

/// Holds a document's id while a saga works on the document. It does nothing, and is ended with its parent.
struct DocumentLockWorkflow: WorkflowDecider {
    static let type = "DocumentLock"

    static func id(of document: String) -> String { "document/\(document)" }

    mutating func apply(_ event: WorkflowEvent) {}

    func decide() -> [WorkflowCommand] { [] }
}
