package import Foundation
import SwiftProtobuf

/// When the server starts a workflow by itself.
package struct TemporalSchedule: Hashable, Sendable {
    /// What happens when one is due and the one before still runs.
    package enum Overlap: Hashable, Sendable { case skip, bufferOne, allow }

    package enum Times: Hashable, Sendable {
        /// - Parameter offset: from the epoch's whole multiples of the interval.
        case every(Duration, offset: Duration = .zero)
        /// Five fields of crontab(5), in UTC.
        case cron(String)
    }

    package var id: String
    package var times: [Times]
    package var start: WorkflowStart
    package var overlap = Overlap.skip
    package var isPaused = false
    package var note = ""

    package init(id: String, times: [Times], start: WorkflowStart) {
        self.id = id
        self.times = times
        self.start = start
    }
}

/// What the server tells of a schedule.
package struct TemporalScheduleDescription: Hashable, Sendable {
    package var id: String
    package var isPaused: Bool
    package var note: String
    /// How often it has started a workflow.
    package var actions: Int
    package var recent: [WorkflowRun]
    package var next: [Date]
}

extension TemporalClient {
    /// - Throws: `alreadyExists` for an id that is taken.
    package func create(_ schedule: TemporalSchedule) async throws(TemporalError) {
        var request = Temporal_Api_Workflowservice_V1_CreateScheduleRequest()
        request.namespace = namespace
        request.scheduleID = schedule.id
        request.identity = identity
        request.requestID = UUID().uuidString
        for times in schedule.times {
            switch times {
            case .every(let interval, let offset):
                var spec = Temporal_Api_Schedule_V1_IntervalSpec()
                spec.interval = interval.wire
                spec.phase = offset.wire
                request.schedule.spec.interval.append(spec)
            case .cron(let text): request.schedule.spec.cronString.append(text)
            }
        }
        request.schedule.action.startWorkflow.workflowID = schedule.start.id
        request.schedule.action.startWorkflow.workflowType.name = schedule.start.type
        request.schedule.action.startWorkflow.taskQueue.name = schedule.start.taskQueue
        request.schedule.action.startWorkflow.input = schedule.start.arguments.wire
        if let timeout = schedule.start.executionTimeout {
            request.schedule.action.startWorkflow.workflowExecutionTimeout = timeout.wire
        }
        request.schedule.policies.overlapPolicy =
            switch schedule.overlap {
            case .skip: .skip
            case .bufferOne: .bufferOne
            case .allow: .allowAll
            }
        request.schedule.state.paused = schedule.isPaused
        request.schedule.state.notes = schedule.note
        let _: Temporal_Api_Workflowservice_V1_CreateScheduleResponse = try await service.call(
            TemporalService.Method.CreateSchedule.descriptor, request)
    }

    /// - Throws: `notFound` for an id that the server does not know.
    package func schedule(_ id: String) async throws(TemporalError) -> TemporalScheduleDescription {
        var request = Temporal_Api_Workflowservice_V1_DescribeScheduleRequest()
        request.namespace = namespace
        request.scheduleID = id
        let answer: Temporal_Api_Workflowservice_V1_DescribeScheduleResponse = try await service.call(
            TemporalService.Method.DescribeSchedule.descriptor, request)
        return TemporalScheduleDescription(
            id: id, isPaused: answer.schedule.state.paused, note: answer.schedule.state.notes,
            actions: Int(answer.info.actionCount),
            recent: answer.info.recentActions.map { WorkflowRun($0.startWorkflowResult) },
            next: answer.info.futureActionTimes.map(\.date))
    }

    /// The ids of all schedules. One that was made a moment ago may be missing.
    package func schedules() async throws(TemporalError) -> [String] {
        var ids: [String] = []
        var request = Temporal_Api_Workflowservice_V1_ListSchedulesRequest()
        request.namespace = namespace
        request.maximumPageSize = 100
        repeat {
            let page: Temporal_Api_Workflowservice_V1_ListSchedulesResponse = try await service.call(
                TemporalService.Method.ListSchedules.descriptor, request)
            ids += page.schedules.map(\.scheduleID)
            request.nextPageToken = page.nextPageToken
        } while !request.nextPageToken.isEmpty
        return ids
    }

    /// Starts a schedule's workflow now.
    package func trigger(schedule id: String) async throws(TemporalError) {
        var patch = Temporal_Api_Schedule_V1_SchedulePatch()
        patch.triggerImmediately = Temporal_Api_Schedule_V1_TriggerImmediatelyRequest()
        try await apply(patch, to: id)
    }

    package func pause(schedule id: String, note: String) async throws(TemporalError) {
        var patch = Temporal_Api_Schedule_V1_SchedulePatch()
        patch.pause = note
        try await apply(patch, to: id)
    }

    package func resume(schedule id: String, note: String) async throws(TemporalError) {
        var patch = Temporal_Api_Schedule_V1_SchedulePatch()
        patch.unpause = note
        try await apply(patch, to: id)
    }

    private func apply(
        _ patch: Temporal_Api_Schedule_V1_SchedulePatch, to id: String
    ) async throws(TemporalError) {
        var request = Temporal_Api_Workflowservice_V1_PatchScheduleRequest()
        request.namespace = namespace
        request.scheduleID = id
        request.patch = patch
        request.identity = identity
        request.requestID = UUID().uuidString
        let _: Temporal_Api_Workflowservice_V1_PatchScheduleResponse = try await service.call(
            TemporalService.Method.PatchSchedule.descriptor, request)
    }

    /// Workflows that it started go on. One that is not there is fine.
    package func delete(schedule id: String) async throws(TemporalError) {
        var request = Temporal_Api_Workflowservice_V1_DeleteScheduleRequest()
        request.namespace = namespace
        request.scheduleID = id
        request.identity = identity
        do throws(TemporalError) {
            let _: Temporal_Api_Workflowservice_V1_DeleteScheduleResponse = try await service.call(
                TemporalService.Method.DeleteSchedule.descriptor, request)
        } catch {
            guard error.code == .notFound else { throw error }
        }
    }
}
