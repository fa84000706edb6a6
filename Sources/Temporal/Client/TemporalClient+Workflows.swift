import Foundation

extension TemporalClient {
    /// Starts a workflow.
    ///
    /// - Returns: the run that has the id: with `.join` perhaps one that was started before.
    /// - Throws: `alreadyExists` where the conflict rule refuses, or with `.join` when a run of this id has closed: its
    ///   result is still there to be read.
    package func start(_ start: WorkflowStart) async throws(TemporalError) -> WorkflowRun {
        var request = Temporal_Api_Workflowservice_V1_StartWorkflowExecutionRequest()
        request.namespace = namespace
        request.workflowID = start.id
        request.workflowType.name = start.type
        request.taskQueue.name = start.taskQueue
        request.input = start.arguments.wire
        request.identity = identity
        // The server knows a call that is made again by this.
        request.requestID = UUID().uuidString
        if let timeout = start.executionTimeout { request.workflowExecutionTimeout = timeout.wire }
        request.memo.fields = start.memo.mapValues(\.wire)
        switch start.conflict {
        case .join:
            request.workflowIDReusePolicy = .rejectDuplicate
            request.workflowIDConflictPolicy = .useExisting
        case .refuse:
            request.workflowIDReusePolicy = .allowDuplicate
            request.workflowIDConflictPolicy = .fail
        case .refuseAlways:
            request.workflowIDReusePolicy = .rejectDuplicate
            request.workflowIDConflictPolicy = .fail
        }
        let answer: Temporal_Api_Workflowservice_V1_StartWorkflowExecutionResponse = try await service.call(
            TemporalService.Method.StartWorkflowExecution.descriptor, request)
        return WorkflowRun(workflow: start.id, run: answer.runID)
    }

    /// Waits for a run's end, following runs that continue it. Takes no longer than the calling task lives.
    ///
    /// - Throws: also when the server has been away for longer than calls are made again.
    package func result(of run: WorkflowRun) async throws(TemporalError) -> WorkflowOutcome {
        var run = run
        while true {
            guard let event = try await closing(of: run) else { continue }
            switch event.attributes {
            case .workflowExecutionCompletedEventAttributes(let end):
                if let next = Self.next(end.newExecutionRunID, of: run) {
                    run = next
                } else {
                    return .completed([Payload](end.result))
                }
            case .workflowExecutionFailedEventAttributes(let end):
                if let next = Self.next(end.newExecutionRunID, of: run) {
                    run = next
                } else {
                    return .failed(TemporalFailure(end.failure))
                }
            case .workflowExecutionContinuedAsNewEventAttributes(let end):
                run.run = end.newExecutionRunID
            case .workflowExecutionCanceledEventAttributes: return .cancelled
            case .workflowExecutionTerminatedEventAttributes(let end): return .terminated(reason: end.reason)
            case .workflowExecutionTimedOutEventAttributes(let end):
                if let next = Self.next(end.newExecutionRunID, of: run) { run = next } else { return .timedOut }
            default:
                throw TemporalError(
                    operation: "GetWorkflowExecutionHistory", code: .internalError,
                    message: "the run ended with an event of an unknown kind: \(event.eventType)")
            }
        }
    }

    private static func next(_ id: String, of run: WorkflowRun) -> WorkflowRun? {
        id.isEmpty ? nil : WorkflowRun(workflow: run.workflow, run: id)
    }

    /// Waits for the event that closes a run; the server lets one call wait for some twenty seconds.
    /// - Returns: nil when there is none yet.
    private func closing(
        of run: WorkflowRun
    ) async throws(TemporalError) -> Temporal_Api_History_V1_HistoryEvent? {
        var request = Temporal_Api_Workflowservice_V1_GetWorkflowExecutionHistoryRequest()
        request.namespace = namespace
        request.execution = run.wire
        request.waitNewEvent = true
        request.historyEventFilterType = .closeEvent
        do throws(TemporalError) {
            let answer: Temporal_Api_Workflowservice_V1_GetWorkflowExecutionHistoryResponse = try await service.call(
                TemporalService.Method.GetWorkflowExecutionHistory.descriptor, request, timeout: .seconds(70))
            return answer.history.events.last
        } catch {
            // That nothing came in a long poll is no failure.
            guard error.code == .deadlineExceeded else { throw error }
            return nil
        }
    }

    /// All events of a run, oldest first.
    package func history(of run: WorkflowRun) async throws(TemporalError) -> [WorkflowEvent] {
        try await rawHistory(of: run).map(WorkflowEvent.init)
    }

    func rawHistory(
        of run: WorkflowRun, after token: Data = Data()
    ) async throws(TemporalError) -> [Temporal_Api_History_V1_HistoryEvent] {
        var events: [Temporal_Api_History_V1_HistoryEvent] = []
        var request = Temporal_Api_Workflowservice_V1_GetWorkflowExecutionHistoryRequest()
        request.namespace = namespace
        request.execution = run.wire
        request.nextPageToken = token
        repeat {
            let page: Temporal_Api_Workflowservice_V1_GetWorkflowExecutionHistoryResponse = try await service.call(
                TemporalService.Method.GetWorkflowExecutionHistory.descriptor, request)
            events += page.history.events
            request.nextPageToken = page.nextPageToken
        } while !request.nextPageToken.isEmpty
        return events
    }

    /// - Throws: `notFound` for an id that the server does not know.
    package func describe(_ run: WorkflowRun) async throws(TemporalError) -> WorkflowDescription {
        var request = Temporal_Api_Workflowservice_V1_DescribeWorkflowExecutionRequest()
        request.namespace = namespace
        request.execution = run.wire
        let answer: Temporal_Api_Workflowservice_V1_DescribeWorkflowExecutionResponse = try await service.call(
            TemporalService.Method.DescribeWorkflowExecution.descriptor, request)
        var description = WorkflowDescription(answer.workflowExecutionInfo)
        description.pending = answer.pendingActivities.map(WorkflowDescription.PendingActivity.init)
        return description
    }

    /// - Parameter query: in Temporal's list filter, such as `WorkflowId STARTS_WITH "run-"`; empty for all. What was started a moment
    ///   ago may be missing.
    package func list(_ query: String, limit: Int = 1000) async throws(TemporalError) -> [WorkflowDescription] {
        var found: [WorkflowDescription] = []
        var request = Temporal_Api_Workflowservice_V1_ListWorkflowExecutionsRequest()
        request.namespace = namespace
        request.query = query
        request.pageSize = Int32(min(limit, 1000))
        repeat {
            let page: Temporal_Api_Workflowservice_V1_ListWorkflowExecutionsResponse = try await service.call(
                TemporalService.Method.ListWorkflowExecutions.descriptor, request)
            found += page.executions.map(WorkflowDescription.init)
            request.nextPageToken = page.nextPageToken
        } while !request.nextPageToken.isEmpty && found.count < limit
        return Array(found.prefix(limit))
    }

    /// How many `list` would find.
    package func count(_ query: String) async throws(TemporalError) -> Int {
        var request = Temporal_Api_Workflowservice_V1_CountWorkflowExecutionsRequest()
        request.namespace = namespace
        request.query = query
        let answer: Temporal_Api_Workflowservice_V1_CountWorkflowExecutionsResponse = try await service.call(
            TemporalService.Method.CountWorkflowExecutions.descriptor, request)
        return Int(answer.count)
    }

    package func signal(_ run: WorkflowRun, _ name: String, _ arguments: [Payload] = []) async throws(TemporalError) {
        var request = Temporal_Api_Workflowservice_V1_SignalWorkflowExecutionRequest()
        request.namespace = namespace
        request.workflowExecution = run.wire
        request.signalName = name
        request.input = arguments.wire
        request.identity = identity
        request.requestID = UUID().uuidString
        let _: Temporal_Api_Workflowservice_V1_SignalWorkflowExecutionResponse = try await service.call(
            TemporalService.Method.SignalWorkflowExecution.descriptor, request)
    }

    /// Asks a workflow; one of its workers must be there to answer.
    /// - Throws: `invalidArgument` with the workflow's words when it knows no such query.
    package func query(
        _ run: WorkflowRun, _ name: String, _ arguments: [Payload] = [], timeout: Duration = .seconds(10)
    ) async throws(TemporalError) -> [Payload] {
        var request = Temporal_Api_Workflowservice_V1_QueryWorkflowRequest()
        request.namespace = namespace
        request.execution = run.wire
        request.query.queryType = name
        request.query.queryArgs = arguments.wire
        let answer: Temporal_Api_Workflowservice_V1_QueryWorkflowResponse = try await service.call(
            TemporalService.Method.QueryWorkflow.descriptor, request, timeout: timeout)
        return [Payload](answer.queryResult)
    }

    /// Asks a workflow to end itself. One that has closed is fine.
    package func cancel(_ run: WorkflowRun, reason: String = "") async throws(TemporalError) {
        var request = Temporal_Api_Workflowservice_V1_RequestCancelWorkflowExecutionRequest()
        request.namespace = namespace
        request.workflowExecution = run.wire
        request.identity = identity
        request.requestID = UUID().uuidString
        request.reason = reason
        do throws(TemporalError) {
            let _: Temporal_Api_Workflowservice_V1_RequestCancelWorkflowExecutionResponse = try await service.call(
                TemporalService.Method.RequestCancelWorkflowExecution.descriptor, request)
        } catch {
            guard error.code == .notFound else { throw error }
        }
    }

    /// Ends a workflow without asking it. One that has closed is fine.
    package func terminate(_ run: WorkflowRun, reason: String = "") async throws(TemporalError) {
        var request = Temporal_Api_Workflowservice_V1_TerminateWorkflowExecutionRequest()
        request.namespace = namespace
        request.workflowExecution = run.wire
        request.identity = identity
        request.reason = reason
        do throws(TemporalError) {
            let _: Temporal_Api_Workflowservice_V1_TerminateWorkflowExecutionResponse = try await service.call(
                TemporalService.Method.TerminateWorkflowExecution.descriptor, request)
        } catch {
            guard error.code == .notFound else { throw error }
        }
    }
}
