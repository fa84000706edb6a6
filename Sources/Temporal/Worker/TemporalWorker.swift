import GRPCCore
import Synchronization

/// A worker: it polls a task queue for workflow tasks and activities, and answers them.
///
/// As many loops as it may have tasks under way at once each poll, do what they got, report, and poll again.
package final class TemporalWorker: Sendable {
    package struct Options: Hashable, Sendable {
        package var taskQueue: String
        /// Workflow tasks at once, of the queue and of the sticky queue each.
        package var workflowTasks = 2
        /// Activities at once.
        package var activities = 8
        /// Workflows that are kept in memory, so that only what is new has to be sent.
        package var cachedWorkflows = 1000
        /// How long the server waits for this worker before it gives a workflow of its to another.
        package var stickyTimeout = Duration.seconds(5)

        package init(taskQueue: String) { self.taskQueue = taskQueue }
    }

    /// What the worker can do.
    package struct Work: Sendable {
        /// By the workflow's type.
        package var workflows: [String: @Sendable (WorkflowRun) -> any WorkflowDecider]
        /// Does one try. Cancelled when the server says so, or when the worker has no more time to end.
        package var activity: @Sendable (ActivityTask, ActivityContext) async -> ActivityEnd
        /// Told of each workflow that this worker has brought to its end.
        package var closed: @Sendable (WorkflowRun, any WorkflowDecider) async -> Void

        package init(
            workflows: [String: @Sendable (WorkflowRun) -> any WorkflowDecider],
            activity: @escaping @Sendable (ActivityTask, ActivityContext) async -> ActivityEnd,
            closed: @escaping @Sendable (WorkflowRun, any WorkflowDecider) async -> Void = { _, _ in }
        ) {
            self.workflows = workflows
            self.activity = activity
            self.closed = closed
        }
    }

    let client: TemporalClient
    let options: Options
    let work: Work
    let sticky: String
    let cache: WorkflowCache
    /// Told what went wrong that the server will mend by itself, such as a report that could not be delivered.
    let trouble: @Sendable (TemporalError) -> Void

    private struct State {
        var isStopping = false
        var polls: [Int: Task<Void, Never>] = [:]
        var next = 0
        var loops: Task<Void, Never>?
    }

    private let state = Mutex(State())

    package init(
        client: TemporalClient, options: Options, work: Work,
        trouble: @escaping @Sendable (TemporalError) -> Void = { _ in }
    ) {
        self.client = client
        self.options = options
        self.work = work
        self.trouble = trouble
        sticky = "\(client.identity):\(UInt64.random(in: .min ... .max))"
        cache = WorkflowCache(capacity: options.cachedWorkflows)
    }

    /// Begins to poll. To be called once.
    package func start() {
        state.withLock { state in
            guard state.loops == nil else { return }
            state.loops = Task { await self.runLoops() }
        }
    }

    /// Asks for nothing more, lets what is under way end, and returns when it has.
    /// - Parameter grace: what takes longer is cancelled, and reported as failed, so that another worker takes it up at once.
    package func stop(grace: Duration = .seconds(10)) async {
        let (loops, polls) = state.withLock { state in
            state.isStopping = true
            return (state.loops, Array(state.polls.values))
        }
        for poll in polls { poll.cancel() }
        guard let loops else { return }
        let alarm = Task {
            try? await Task.sleep(for: grace)
            if !Task.isCancelled { loops.cancel() }
        }
        await loops.value
        alarm.cancel()
        await forgetSticky()
    }

    private func runLoops() async {
        await withDiscardingTaskGroup { group in
            for _ in 0..<options.workflowTasks {
                group.addTask { await self.pollWorkflows(sticky: false) }
                group.addTask { await self.pollWorkflows(sticky: true) }
            }
            for _ in 0..<options.activities { group.addTask { await self.pollActivities() } }
        }
    }

    // MARK: Polls

    private func pollWorkflows(sticky isSticky: Bool) async {
        var request = Temporal_Api_Workflowservice_V1_PollWorkflowTaskQueueRequest()
        request.namespace = client.namespace
        request.identity = client.identity
        request.taskQueue = isSticky ? stickyQueue : queue
        await poll(TemporalService.Method.PollWorkflowTaskQueue.descriptor, request) { task in
            // It takes no time, so stopping need not cut it short.
            await Task { await self.handle(task) }.value
        }
    }

    private func pollActivities() async {
        var request = Temporal_Api_Workflowservice_V1_PollActivityTaskQueueRequest()
        request.namespace = client.namespace
        request.identity = client.identity
        request.taskQueue = queue
        await poll(TemporalService.Method.PollActivityTaskQueue.descriptor, request) { task in
            await self.handle(task)
        }
    }

    private var queue: Temporal_Api_Taskqueue_V1_TaskQueue {
        var queue = Temporal_Api_Taskqueue_V1_TaskQueue()
        queue.name = options.taskQueue
        queue.kind = .normal
        return queue
    }

    var stickyQueue: Temporal_Api_Taskqueue_V1_TaskQueue {
        var queue = Temporal_Api_Taskqueue_V1_TaskQueue()
        queue.name = sticky
        queue.kind = .sticky
        queue.normalName = options.taskQueue
        return queue
    }

    /// Polls until the worker is stopped. A server that is away is asked again soon.
    private func poll<Request: PollRequest>(
        _ method: MethodDescriptor, _ request: Request, _ handle: @escaping @Sendable (Request.Task) async -> Void
    ) async {
        var wait = Self.firstWait
        while !Task.isCancelled, !state.withLock({ $0.isStopping }) {
            switch await answer(method, request) {
            case .success(let task):
                wait = Self.firstWait
                // The server ends a poll for which there is nothing with an empty answer.
                if !task.taskToken.isEmpty { await handle(task) }
            case .failure(let error) where error.code == .cancelled || error.code == .deadlineExceeded:
                continue
            case .failure(let error):
                trouble(error)
                try? await Task.sleep(for: wait)
                wait = min(wait * 2, Self.lastWait)
            case nil:
                return
            }
        }
    }

    private static let firstWait = Duration.milliseconds(50)
    private static let lastWait = Duration.seconds(1)
    /// The server answers after a minute at most.
    private static let pollTimeout = Duration.seconds(70)

    /// One poll, which stopping ends and which does not end what was handed out.
    /// - Returns: nil when the worker is being stopped.
    private func answer<Request: PollRequest>(
        _ method: MethodDescriptor, _ request: Request
    ) async -> Result<Request.Task, TemporalError>? {
        let (answers, continuation) = AsyncStream<Result<Request.Task, TemporalError>>.makeStream()
        let number: Int? = state.withLock { state in
            guard !state.isStopping else { return nil }
            state.next += 1
            let service = client.service
            state.polls[state.next] = Task {
                do throws(TemporalError) {
                    continuation.yield(
                        .success(try await service.callOnce(method, request, timeout: Self.pollTimeout)))
                } catch {
                    continuation.yield(.failure(error))
                }
                continuation.finish()
            }
            return state.next
        }
        guard let number else { return nil }
        defer { state.withLock { _ = $0.polls.removeValue(forKey: number) } }
        var iterator = answers.makeAsyncIterator()
        return await iterator.next()
    }

    /// Tells the server not to wait for this worker's sticky queue any more.
    private func forgetSticky() async {
        var request = Temporal_Api_Workflowservice_V1_ShutdownWorkerRequest()
        request.namespace = client.namespace
        request.stickyTaskQueue = sticky
        request.identity = client.identity
        request.reason = "the worker was stopped"
        let service = client.service
        do throws(TemporalError) {
            let _: Temporal_Api_Workflowservice_V1_ShutdownWorkerResponse = try await service.callOnce(
                TemporalService.Method.ShutdownWorker.descriptor, request, timeout: .seconds(2))
        } catch {
            // A server that is away, or too old to know the call, waits for the sticky timeout.
        }
    }
}
