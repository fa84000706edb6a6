import Foundation

extension TemporalWorker {
    /// Does one try of an activity, with heartbeats, and reports what came of it.
    func handle(_ wire: Temporal_Api_Workflowservice_V1_PollActivityTaskQueueResponse) async {
        let task = ActivityTask(wire)
        let context = ActivityContext(heartbeat: task.heartbeat)
        let activity = work.activity
        let end = await withTaskGroup(of: ActivityEnd?.self) { group in
            group.addTask { await activity(task, context) }
            group.addTask {
                await self.beat(task, context)
                return nil
            }
            while let ended = await group.next() {
                guard let ended else {
                    // The server does not want it any more. How the activity ends is its own.
                    group.cancelAll()
                    continue
                }
                group.cancelAll()
                return ended
            }
            return .cancelled
        }
        guard !context.isGone else { return }
        // Also when this worker has no more time: who waits for the activity shall not wait for its time-out.
        await Task { await self.report(end, of: task, context) }.value
    }

    /// Sends heartbeats until the server wants the activity no more, or the activity has ended.
    private func beat(_ task: ActivityTask, _ context: ActivityContext) async {
        let interval = min(Self.beatInterval, (task.heartbeat ?? Self.beatInterval * 3) / 3)
        var request = Temporal_Api_Workflowservice_V1_RecordActivityTaskHeartbeatRequest()
        request.namespace = client.namespace
        request.identity = client.identity
        request.taskToken = task.token
        while true {
            do { try await Task.sleep(for: interval) } catch { return }
            request.details = context.details.wire
            let sent = ContinuousClock.now
            do throws(TemporalError) {
                let answer: Temporal_Api_Workflowservice_V1_RecordActivityTaskHeartbeatResponse =
                    try await client.service.callOnce(
                        TemporalService.Method.RecordActivityTaskHeartbeat.descriptor, request, timeout: .seconds(5))
                context.noteHeard(sent: sent)
                guard answer.cancelRequested || answer.activityReset else { continue }
                context.noteCancelRequest()
                return
            } catch {
                if Task.isCancelled { return }
                guard error.code == .notFound else { continue }
                context.noteGone()
                return
            }
        }
    }

    /// How soon an activity learns that it is not wanted any more.
    private static let beatInterval = Duration.milliseconds(500)

    private func report(_ end: ActivityEnd, of task: ActivityTask, _ context: ActivityContext) async {
        do throws(TemporalError) {
            switch end {
            case .completed(let result):
                var request = Temporal_Api_Workflowservice_V1_RespondActivityTaskCompletedRequest()
                request.namespace = client.namespace
                request.identity = client.identity
                request.taskToken = task.token
                request.result = result.wire
                let _: Temporal_Api_Workflowservice_V1_RespondActivityTaskCompletedResponse =
                    try await client.service.call(
                        TemporalService.Method.RespondActivityTaskCompleted.descriptor, request)
            case .failed(let failure, let details):
                try await report(failure, details, of: task)
            case .cancelled where context.isCancelRequested:
                var request = Temporal_Api_Workflowservice_V1_RespondActivityTaskCanceledRequest()
                request.namespace = client.namespace
                request.identity = client.identity
                request.taskToken = task.token
                let _: Temporal_Api_Workflowservice_V1_RespondActivityTaskCanceledResponse =
                    try await client.service.call(
                        TemporalService.Method.RespondActivityTaskCanceled.descriptor, request)
            case .cancelled:
                try await report(
                    .application(TemporalFailure.Application(type: "WorkerStopped", message: "the worker was stopped")),
                    context.details, of: task)
            }
        } catch {
            // An activity that is gone has no use for a report; else the server will take it for dead, and repeat it.
            if error.code != .notFound { trouble(error) }
        }
    }

    private func report(
        _ failure: TemporalFailure, _ details: [Payload], of task: ActivityTask
    ) async throws(TemporalError) {
        var request = Temporal_Api_Workflowservice_V1_RespondActivityTaskFailedRequest()
        request.namespace = client.namespace
        request.identity = client.identity
        request.taskToken = task.token
        request.failure = failure.wire
        request.lastHeartbeatDetails = details.wire
        let _: Temporal_Api_Workflowservice_V1_RespondActivityTaskFailedResponse = try await client.service.call(
            TemporalService.Method.RespondActivityTaskFailed.descriptor, request)
    }
}
