/// What a decider wants the server to do next.
package enum WorkflowCommand: Hashable, Sendable {
    case scheduleActivity(ActivityOrder)
    /// - Parameter scheduled: the place in the history of the event that scheduled it.
    case cancelActivity(scheduled: Int)
    case startTimer(id: String, Duration)
    case cancelTimer(id: String)
    case startChild(ChildOrder)
    case complete([Payload])
    case fail(TemporalFailure)
    /// Ends the workflow as one that was cancelled.
    case cancelled
}

/// An activity that a workflow wants done.
package struct ActivityOrder: Hashable, Sendable {
    /// Unique among the workflow's activities that are under way.
    package var id: String
    package var type: String
    package var arguments: [Payload]
    /// nil: the workflow's own.
    package var taskQueue: String?
    /// How long one try may take.
    package var startToClose: Duration
    /// A try of which nothing was heard for so long is taken for dead; nil: not before `startToClose`.
    package var heartbeat: Duration?
    package var retry: ServerRetry

    package init(
        id: String, type: String, arguments: [Payload], taskQueue: String? = nil, startToClose: Duration,
        heartbeat: Duration? = nil, retry: ServerRetry = ServerRetry()
    ) {
        self.id = id
        self.type = type
        self.arguments = arguments
        self.taskQueue = taskQueue
        self.startToClose = startToClose
        self.heartbeat = heartbeat
        self.retry = retry
    }
}

/// How the server repeats what failed. As it is here, the server's own default.
package struct ServerRetry: Hashable, Sendable {
    package var first = Duration.seconds(1)
    package var factor = 2.0
    package var cap = Duration.seconds(100)
    /// All tries, the first included; 0 for as many as it takes.
    package var attempts = 0

    package init(
        first: Duration = .seconds(1), factor: Double = 2, cap: Duration = .seconds(100), attempts: Int = 0
    ) {
        self.first = first
        self.factor = factor
        self.cap = cap
        self.attempts = attempts
    }
}

/// A workflow that a workflow starts, and that ends with it.
package struct ChildOrder: Hashable, Sendable {
    package var workflow: String
    package var type: String
    package var taskQueue: String
    package var arguments: [Payload]

    package init(workflow: String, type: String, taskQueue: String, arguments: [Payload] = []) {
        self.workflow = workflow
        self.type = type
        self.taskQueue = taskQueue
        self.arguments = arguments
    }
}

extension WorkflowCommand {
    /// - Parameter taskQueue: the workflow's own.
    func wire(taskQueue: String) -> Temporal_Api_Command_V1_Command {
        var wire = Temporal_Api_Command_V1_Command()
        switch self {
        case .scheduleActivity(let order):
            wire.commandType = .scheduleActivityTask
            wire.scheduleActivityTaskCommandAttributes = order.wire(taskQueue: taskQueue)
        case .cancelActivity(let scheduled):
            wire.commandType = .requestCancelActivityTask
            wire.requestCancelActivityTaskCommandAttributes.scheduledEventID = Int64(scheduled)
        case .startTimer(let id, let duration):
            wire.commandType = .startTimer
            wire.startTimerCommandAttributes.timerID = id
            wire.startTimerCommandAttributes.startToFireTimeout = duration.wire
        case .cancelTimer(let id):
            wire.commandType = .cancelTimer
            wire.cancelTimerCommandAttributes.timerID = id
        case .startChild(let order):
            wire.commandType = .startChildWorkflowExecution
            wire.startChildWorkflowExecutionCommandAttributes.workflowID = order.workflow
            wire.startChildWorkflowExecutionCommandAttributes.workflowType.name = order.type
            wire.startChildWorkflowExecutionCommandAttributes.taskQueue.name = order.taskQueue
            wire.startChildWorkflowExecutionCommandAttributes.input = order.arguments.wire
            wire.startChildWorkflowExecutionCommandAttributes.parentClosePolicy = .terminate
            wire.startChildWorkflowExecutionCommandAttributes.workflowIDReusePolicy = .allowDuplicate
        case .complete(let result):
            wire.commandType = .completeWorkflowExecution
            wire.completeWorkflowExecutionCommandAttributes.result = result.wire
        case .fail(let failure):
            wire.commandType = .failWorkflowExecution
            wire.failWorkflowExecutionCommandAttributes.failure = failure.wire
        case .cancelled:
            wire.commandType = .cancelWorkflowExecution
            wire.cancelWorkflowExecutionCommandAttributes =
                Temporal_Api_Command_V1_CancelWorkflowExecutionCommandAttributes()
        }
        return wire
    }

    /// Nothing can come after it.
    var closes: Bool {
        switch self {
        case .complete, .fail, .cancelled: true
        default: false
        }
    }
}

extension ActivityOrder {
    func wire(taskQueue own: String) -> Temporal_Api_Command_V1_ScheduleActivityTaskCommandAttributes {
        var wire = Temporal_Api_Command_V1_ScheduleActivityTaskCommandAttributes()
        wire.activityID = id
        wire.activityType.name = type
        wire.taskQueue.name = taskQueue ?? own
        wire.input = arguments.wire
        wire.startToCloseTimeout = startToClose.wire
        if let heartbeat { wire.heartbeatTimeout = heartbeat.wire }
        wire.retryPolicy.initialInterval = retry.first.wire
        wire.retryPolicy.backoffCoefficient = retry.factor
        wire.retryPolicy.maximumInterval = retry.cap.wire
        wire.retryPolicy.maximumAttempts = Int32(retry.attempts)
        return wire
    }
}
