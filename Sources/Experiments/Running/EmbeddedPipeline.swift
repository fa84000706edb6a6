import Consistency
import Ingestion

/// The reference worker inside this process: one a lane, with one journal for all.
struct EmbeddedPipeline: Pipeline {
    private let workers: [IngestionWorker]
    private let journal: SagaJournal

    /// - Parameter lanes: what each lane's worker is told.
    init(lanes: [WorkerConfiguration], journal: SagaJournal, defects: Set<Defect>) {
        self.journal = journal
        workers = lanes.map { IngestionWorker(configuration: $0, journal: journal, defects: defects) }
    }

    func submit(_ task: PipelineTask, lane: Int) async -> PipelineAnswer {
        let request = IngestionRequest(
            id: task.submission, kind: task.kind == .delete ? .delete : .ingest, document: task.document,
            key: task.key)
        return PipelineAnswer(await workers[lane].perform(request))
    }

    func unfinished() async -> Int { journal.unfinished }

    func stop() async {
        await withDiscardingTaskGroup { group in
            for worker in workers { group.addTask { await worker.stop() } }
        }
    }
}

extension PipelineAnswer {
    init(_ result: IngestionResult) {
        switch result.outcome {
        case .succeeded:
            self.init(.succeeded)
        case .rolledBack(let failures):
            self.init(.rolledBack, reason: result.reason, steps: failures.map(Step.init))
        case .unknown(let failures):
            self.init(.unknown, reason: result.reason, steps: failures.map(Step.init))
        }
    }
}

extension PipelineAnswer.Step {
    init(_ failure: AttemptFailure) {
        self.init(
            name: failure.activity.name, service: failure.service ?? failure.activity.service ?? "worker",
            code: failure.code, reason: failure.reason)
    }
}
