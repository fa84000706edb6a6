import Synchronization
import Temporal

/// The saga's activities: one try each, by the same policies as in the embedded engine. The server makes the next try, when
/// this says.
final class SagaActivities: Sendable {
    private struct State {
        var prepared: [WorkflowRun: PreparedSteps] = [:]
        /// Oldest first.
        var order: [WorkflowRun] = []
    }

    private let runner: ActivityRunner
    private let shieldsRollback: Bool
    private let makeSteps: @Sendable (IngestionRequest) -> DocumentSteps
    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: documents whose preparation is kept in memory.
    init(
        runner: ActivityRunner, shieldsRollback: Bool, capacity: Int,
        makeSteps: @escaping @Sendable (IngestionRequest) -> DocumentSteps
    ) {
        self.runner = runner
        self.shieldsRollback = shieldsRollback
        self.capacity = capacity
        self.makeSteps = makeSteps
    }

    func perform(_ task: ActivityTask, _ context: ActivityContext) async -> ActivityEnd {
        guard let step = SagaStep(description: task.id), let order = try? task.arguments.first?.decoded(StepTask.self)
        else {
            return .failed(
                .application(
                    TemporalFailure.Application(
                        type: "UnknownActivity", message: "'\(task.id)' is no step of the saga", isRetryable: false)))
        }
        var report = (try? task.details.first?.decoded(StepReport.self)) ?? StepReport()
        // Of a try that nobody heard of the worker may have died in the middle.
        if task.attempt - 1 > report.failed { report.mayHaveLanded = report.mayHaveLanded || step.activity.hasEffect }
        context.record([SagaWorkflow.payload(report)])
        let began = ContinuousClock.now
        let allowed = runner.policies[step.activity].scheduleToClose(chunks: order.chunks)
        let spent = report.spent ?? .zero
        func left() -> Duration? { allowed.map { $0 - spent - (.now - began) } }
        do {
            let facts = try await attempt(step, order, task.run, context, left: left())
            report.facts = facts
            return .completed([SagaWorkflow.payload(report)])
        } catch {
            var failure = AttemptFailure(error, in: step.activity)
            // A worker that is being stopped leaves the try to another.
            if Task.isCancelled, !context.isCancelRequested, failure.isCancellation { return .cancelled }
            report.add(failure)
            failure.mayHaveLanded = report.mayHaveLanded
            let isWanted = !context.isCancelRequested && !isUnshielded(step)
            let wait =
                isWanted
                ? runner.wait(
                    after: failure, failed: report.failed, document: "\(order.request.document)/\(step)", left: left())
                : nil
            report.spent = spent + (.now - began) + (wait ?? .zero)
            let said = [SagaWorkflow.payload(report)]
            // Between tries the server keeps no failure above 4 KiB, and would keep none of its words; the next try reads the
            // report from the heartbeat.
            return .failed(
                .application(
                    TemporalFailure.Application(
                        type: failure.code ?? "Failure", message: failure.reason, isRetryable: wait != nil,
                        details: wait == nil ? said : [], nextRetryDelay: wait)), details: said)
        }
    }

    private func attempt(
        _ step: SagaStep, _ order: StepTask, _ run: WorkflowRun, _ context: ActivityContext, left: Duration?
    ) async throws -> SagaFacts {
        let steps = steps(of: run, order.request)
        let task = Task { [runner] in
            try await runner.once(step.activity, chunks: order.chunks, left: left) {
                try await WriteLease.$current.withValue(WriteLease { context.isHeard }) {
                    try await steps.perform(step, digest: order.digest)
                }
            }
        }
        if isUnshielded(step) { task.cancel() }
        let facts = try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
        if step == .cleanUp { forget(run) }
        return facts
    }

    /// A step of the way back that the cancellation takes along.
    private func isUnshielded(_ step: SagaStep) -> Bool {
        if case .restore = step { !shieldsRollback } else { false }
    }

    private func steps(of run: WorkflowRun, _ request: IngestionRequest) -> PreparedSteps {
        state.withLock { state in
            if let steps = state.prepared[run] { return steps }
            if state.order.count >= capacity { state.prepared[state.order.removeFirst()] = nil }
            let steps = PreparedSteps(makeSteps(request))
            state.prepared[run] = steps
            state.order.append(run)
            return steps
        }
    }

    private func forget(_ run: WorkflowRun) {
        state.withLock { state in
            state.prepared[run] = nil
            state.order.removeAll { $0 == run }
        }
    }
}
