import Foundation
import Stack
import Stores
import Temporal
import Testing

/// The native stack's Temporal, with names of this test's own.
struct TemporalPlace: Sendable {
    let address: TemporalAddress
    let client: TemporalClient
    let taskQueue: String

    init() throws {
        let text = try #require(try NativeStack.current().endpoints.temporal)
        address = try #require(TemporalAddress(text))
        client = try TemporalClient(address)
        taskQueue = "test-\(UUID().uuidString)"
    }

    func id(_ name: String) -> String { "\(name)-\(UUID().uuidString)" }

    func start(
        _ type: String, _ arguments: [Payload] = [], conflict: WorkflowStart.Conflict = .join, id: String? = nil
    ) async throws -> WorkflowRun {
        var start = WorkflowStart(type: type, id: id ?? self.id(type), taskQueue: taskQueue, arguments: arguments)
        start.conflict = conflict
        return try await client.start(start)
    }

    /// Calls the body while a worker polls; stops it whatever happens.
    func withWorker<Value: Sendable>(
        workflows: [String: @Sendable (WorkflowRun) -> any WorkflowDecider],
        activities: Int = 4,
        activity: @escaping @Sendable (ActivityTask, ActivityContext) async -> ActivityEnd = { _, _ in .completed([]) },
        _ body: (TemporalWorker) async throws -> Value
    ) async throws -> Value {
        let own = try TemporalClient(address)
        var options = TemporalWorker.Options(taskQueue: taskQueue)
        options.activities = activities
        options.stickyTimeout = .seconds(1)
        let worker = TemporalWorker(
            client: own, options: options, work: TemporalWorker.Work(workflows: workflows, activity: activity))
        worker.start()
        do {
            let value = try await body(worker)
            await worker.stop(grace: .seconds(5))
            own.abort()
            return value
        } catch {
            await worker.stop(grace: .seconds(1))
            own.abort()
            throw error
        }
    }
}

/// Does activities one after the other, then completes with their results.
struct StepByStep: WorkflowDecider {
    var activities: [String]
    var retry = ServerRetry(first: .milliseconds(20), factor: 1, cap: .milliseconds(20))
    var heartbeat: Duration?
    private(set) var arguments: [Payload] = []
    private(set) var results: [Payload] = []
    private var scheduled: [Int: String] = [:]
    private var failure: TemporalFailure?
    private(set) var signals: [String] = []
    private var isCancelled = false
    private var cancelAsked = false

    init(_ activities: [String], heartbeat: Duration? = nil) {
        self.activities = activities
        self.heartbeat = heartbeat
    }

    mutating func apply(_ event: WorkflowEvent) {
        switch event.kind {
        case .started(_, let arguments): self.arguments = arguments
        case .activityScheduled(let id, _): scheduled[event.id] = id
        case .activityCompleted(let place, let result):
            scheduled[place] = nil
            results.append(result.first ?? .null)
        case .activityFailed(_, let failure), .activityTimedOut(_, let failure): self.failure = failure
        case .activityCancelled: failure = .cancelled(message: "")
        case .activityCancelRequested: cancelAsked = true
        case .cancelRequested: isCancelled = true
        case .signalled(let name, _): signals.append(name)
        default: break
        }
    }

    func decide() -> [WorkflowCommand] {
        if case .cancelled? = failure { return [.cancelled] }
        if let failure { return [.fail(failure)] }
        if let place = scheduled.keys.first {
            return isCancelled && !cancelAsked ? [.cancelActivity(scheduled: place)] : []
        }
        if results.count == activities.count { return [.complete(results)] }
        let name = activities[results.count]
        return [
            .scheduleActivity(
                ActivityOrder(
                    id: name, type: name, arguments: arguments, startToClose: .seconds(20), heartbeat: heartbeat,
                    retry: retry))
        ]
    }

    func answer(query: String, arguments: [Payload]) -> Payload? {
        query == "signals" ? try? Payload(encoding: signals) : nil
    }
}
