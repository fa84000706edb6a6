import Consistency
import Ingestion
import Synchronization
import Temporal

/// The reference worker on Temporal: a worker a lane, each with a task queue of its own.
///
/// Workers reach Temporal through their lane's link, where there is one; submissions are handed in past it.
final class TemporalSagaPipeline: Pipeline {
    private let client: TemporalClient
    private let ingestion: TemporalIngestion
    /// One a lane.
    private let taskQueues: [String]
    private let workers: [TemporalLaneWorker]
    /// `http://host:port` of the web UI that reports link to.
    private let webUI: String?
    /// Submissions that have no end yet, as far as is known.
    private let open = Mutex<Set<WorkflowRun>>([])

    /// How long a server may be away before submissions are given up.
    private static let patience = Duration.seconds(120)

    /// - Parameters:
    ///   - webUI: `http://host:port`, where there is one.
    ///   - taskQueues: one a lane.
    ///   - workers: those of them that are inside this process, and end with the pipeline.
    init(
        temporal: TemporalAddress, webUI: String?, taskQueues: [String], workers: [TemporalLaneWorker]
    ) throws(TemporalError) {
        client = try TemporalClient(temporal)
        self.webUI = webUI
        ingestion = TemporalIngestion(client: client)
        self.taskQueues = taskQueues
        self.workers = workers
    }

    func submit(_ task: PipelineTask, lane: Int) async -> PipelineAnswer {
        let request = IngestionRequest(
            id: task.submission, kind: task.kind == .delete ? .delete : .ingest, document: task.document,
            key: task.key)
        let queue = taskQueues[lane]
        do {
            let run = try await insisting { [ingestion] in try await ingestion.start(request, taskQueue: queue) }
            _ = open.withLock { $0.insert(run) }
            // On its own: the undo of a submission that is cancelled is waited for.
            let ending = Task { try await insisting { [ingestion] in try await ingestion.result(of: run, request) } }
            let result = try await withTaskCancellationHandler {
                try await ending.value
            } onCancel: {
                Task { [client] in try await client.cancel(run, reason: "the submission was cancelled") }
            }
            _ = open.withLock { $0.remove(run) }
            var answer = PipelineAnswer(result)
            answer.workflow = WorkflowTrace(
                namespace: client.address.namespace, id: run.workflow, run: run.run, webUI: webUI)
            return answer
        } catch {
            return PipelineAnswer(
                .unknown, reason: "\(error)",
                steps: [PipelineAnswer.Step(name: "workflow", service: "temporal", reason: "\(error)")])
        }
    }

    /// Calls until the server answers: it may be away for a while.
    private func insisting<Value: Sendable>(
        _ call: @Sendable () async throws -> Value
    ) async throws -> Value {
        let began = ContinuousClock.now
        while true {
            do {
                return try await call()
            } catch let error as TemporalError {
                guard error.isTransient || error.code == .deadlineExceeded, .now - began < Self.patience else {
                    throw error
                }
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    func unfinished() async -> Int {
        var count = 0
        for run in open.withLock({ Array($0) }) {
            // Of one that nobody can tell of it must be believed.
            let status = try? await client.describe(run).status
            if status.map({ !$0.isClosed }) ?? true { count += 1 }
        }
        return count
    }

    func stop() async {
        await withDiscardingTaskGroup { group in
            for worker in workers { group.addTask { await worker.stop() } }
        }
        for run in open.withLock({ Array($0) }) {
            try? await client.terminate(run, reason: "its run of experiments has ended")
        }
        client.close()
    }
}
