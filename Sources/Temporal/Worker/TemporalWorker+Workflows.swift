import Foundation

extension TemporalWorker {
    typealias WorkflowTask = Temporal_Api_Workflowservice_V1_PollWorkflowTaskQueueResponse

    /// Brings a workflow up to date, and says what shall be done next.
    func handle(_ task: WorkflowTask) async {
        var task: WorkflowTask? = task
        // The answer to a task may hold the next one.
        while let current = task, !current.taskToken.isEmpty { task = await answer(current) }
    }

    /// - Returns: the workflow's next task, if the server has one at once.
    private func answer(_ task: WorkflowTask) async -> WorkflowTask? {
        let run = WorkflowRun(task.workflowExecution)
        guard let make = work.workflows[task.workflowType.name] else {
            let known = work.workflows.keys.sorted().joined(separator: ", ")
            await fail(
                task, "no worker of this kind knows the workflow type '\(task.workflowType.name)'; it knows \(known)")
            return nil
        }
        let entry: WorkflowCache.Entry
        do throws(TemporalError) {
            entry = try await upToDate(task, run, make)
        } catch {
            trouble(error)
            return nil
        }
        if task.hasQuery {
            await answer(query: task, entry)
            cache.put(entry, run)
            return nil
        }
        let commands = entry.decider.decide()
        do throws(TemporalError) {
            let answer = try await respond(task, commands, entry)
            if commands.contains(where: \.closes) {
                await work.closed(run, entry.decider)
            } else {
                cache.put(entry, run)
            }
            return answer.hasWorkflowTask ? answer.workflowTask : nil
        } catch {
            // The server hands the task out again, with what has happened since.
            if error.code != .notFound { trouble(error) }
            return nil
        }
    }

    /// The workflow with all events of the task applied.
    private func upToDate(
        _ task: WorkflowTask, _ run: WorkflowRun, _ make: (WorkflowRun) -> any WorkflowDecider
    ) async throws(TemporalError) -> WorkflowCache.Entry {
        var events = task.history.events
        if !task.nextPageToken.isEmpty {
            events += try await client.rawHistory(of: run, after: task.nextPageToken)
        }
        let cached = cache.take(run)
        var entry = cached ?? WorkflowCache.Entry(decider: make(run), last: 0)
        if let first = events.first?.eventID, first == 1, cached != nil {
            entry = WorkflowCache.Entry(decider: make(run), last: 0)
        } else if (events.first.map { Int($0.eventID) } ?? entry.last + 1) > entry.last + 1
            || (events.isEmpty && cached == nil)
        {
            // Only what is new was sent, and this worker does not have the rest any more.
            entry = WorkflowCache.Entry(decider: make(run), last: 0)
            events = try await client.rawHistory(of: run)
            if task.startedEventID > 0 { events.removeAll { $0.eventID > task.startedEventID } }
        }
        for event in events where event.eventID > entry.last {
            entry.decider.apply(WorkflowEvent(event))
            entry.last = Int(event.eventID)
        }
        return entry
    }

    private func respond(
        _ task: WorkflowTask, _ commands: [WorkflowCommand], _ entry: WorkflowCache.Entry
    ) async throws(TemporalError) -> Temporal_Api_Workflowservice_V1_RespondWorkflowTaskCompletedResponse {
        var request = Temporal_Api_Workflowservice_V1_RespondWorkflowTaskCompletedRequest()
        request.namespace = client.namespace
        request.identity = client.identity
        request.taskToken = task.taskToken
        request.commands = commands.map { $0.wire(taskQueue: options.taskQueue) }
        request.returnNewWorkflowTask = true
        request.stickyAttributes.workerTaskQueue = stickyQueue
        request.stickyAttributes.scheduleToStartTimeout = options.stickyTimeout.wire
        request.queryResults = task.queries.mapValues { query in
            var result = Temporal_Api_Query_V1_WorkflowQueryResult()
            if let answer = entry.decider.answer(
                query: query.queryType, arguments: [Payload](query.queryArgs))
            {
                result.resultType = .answered
                result.answer = [answer].wire
            } else {
                result.resultType = .failed
                result.errorMessage = Self.unknown(query)
            }
            return result
        }
        return try await client.service.call(
            TemporalService.Method.RespondWorkflowTaskCompleted.descriptor, request)
    }

    private func answer(query task: WorkflowTask, _ entry: WorkflowCache.Entry) async {
        var request = Temporal_Api_Workflowservice_V1_RespondQueryTaskCompletedRequest()
        request.namespace = client.namespace
        request.taskToken = task.taskToken
        let arguments = [Payload](task.query.queryArgs)
        if let answer = entry.decider.answer(query: task.query.queryType, arguments: arguments) {
            request.completedType = .answered
            request.queryResult = [answer].wire
        } else {
            request.completedType = .failed
            request.errorMessage = Self.unknown(task.query)
        }
        do throws(TemporalError) {
            let _: Temporal_Api_Workflowservice_V1_RespondQueryTaskCompletedResponse = try await client.service.call(
                TemporalService.Method.RespondQueryTaskCompleted.descriptor, request)
        } catch {
            if error.code != .notFound { trouble(error) }
        }
    }

    private static func unknown(_ query: Temporal_Api_Query_V1_WorkflowQuery) -> String {
        "the workflow knows no query '\(query.queryType)'"
    }

    private func fail(_ task: WorkflowTask, _ message: String) async {
        var request = Temporal_Api_Workflowservice_V1_RespondWorkflowTaskFailedRequest()
        request.namespace = client.namespace
        request.identity = client.identity
        request.taskToken = task.taskToken
        request.cause = .workflowWorkerUnhandledFailure
        request.failure =
            TemporalFailure.application(TemporalFailure.Application(type: "UnknownWorkflow", message: message)).wire
        do throws(TemporalError) {
            let _: Temporal_Api_Workflowservice_V1_RespondWorkflowTaskFailedResponse = try await client.service.call(
                TemporalService.Method.RespondWorkflowTaskFailed.descriptor, request)
        } catch {
            if error.code != .notFound { trouble(error) }
        }
    }
}
