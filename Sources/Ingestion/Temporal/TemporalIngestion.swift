package import Temporal

/// Hands submissions to the reference worker on Temporal, and waits for what becomes of them.
package struct TemporalIngestion: Sendable {
    private let client: TemporalClient

    package init(client: TemporalClient) {
        self.client = client
    }

    /// Starts a submission's workflow, or joins the one that was started before: a submission has one, whatever becomes of it.
    ///
    /// - Throws: `TemporalError`.
    package func start(_ request: IngestionRequest, taskQueue: String) async throws(TemporalError) -> WorkflowRun {
        let start = WorkflowStart(
            type: SagaWorkflow.type, id: request.id, taskQueue: taskQueue, arguments: [SagaWorkflow.payload(request)])
        do throws(TemporalError) {
            return try await client.start(start)
        } catch {
            // It has ended; its result is there.
            guard error.code == .alreadyExists else { throw error }
            return WorkflowRun(workflow: request.id)
        }
    }

    /// Waits for a submission's end.
    ///
    /// - Throws: `TemporalError`, when the server is away for longer than calls are made again.
    package func result(
        of run: WorkflowRun, _ request: IngestionRequest
    ) async throws(TemporalError) -> IngestionResult {
        switch try await client.result(of: run) {
        case .completed(let result):
            (try? result.first?.decoded(IngestionResult.self))
                ?? Self.unknown(request, "BadResult", "the workflow's result is not an ingestion's")
        case .failed(let failure): Self.unknown(request, "WorkflowFailed", failure.description)
        case .cancelled: Self.unknown(request, "WorkflowCancelled", "the workflow ended as cancelled")
        case .terminated(let reason):
            Self.unknown(request, "WorkflowTerminated", "the workflow was terminated, without its undo: \(reason)")
        case .timedOut: Self.unknown(request, "WorkflowTimedOut", "the workflow ran out of time")
        }
    }

    private static func unknown(_ request: IngestionRequest, _ code: String, _ reason: String) -> IngestionResult {
        IngestionResult(
            request, outcome: .unknown([AttemptFailure(activity: .cleanUp, code: code, reason: reason)]))
    }
}
