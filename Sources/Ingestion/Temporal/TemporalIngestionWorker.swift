import Glibc
package import Temporal

/// The reference worker on Temporal: it polls a task queue, and does the saga's workflows and activities.
///
/// What stood in the stores is kept in a folder, which the workers of a task queue share.
package struct TemporalIngestionWorker: Sendable {
    private let worker: TemporalWorker

    /// - Parameters:
    ///   - folder: for what stood in the stores; made when it is needed.
    ///   - trouble: told what the server will mend by itself, such as a report that could not be delivered.
    package init(
        configuration: WorkerConfiguration, client: TemporalClient, taskQueue: String, folder: String,
        defects: Set<Defect> = [], trouble: @escaping @Sendable (TemporalError) -> Void = { _ in }
    ) {
        let behaviour = WorkerBehaviour(defects: defects)
        let configuration = behaviour.changed(configuration)
        let calls = Activities(configuration: configuration, behaviour: behaviour)
        let snapshots = SnapshotFiles(folder: "\(folder)/snapshots")
        let owner = String(getpid())
        let activities = SagaActivities(
            runner: ActivityRunner(policies: configuration.policies, seed: configuration.seed),
            shieldsRollback: behaviour.shieldsRollback, capacity: configuration.concurrency * 4
        ) { request in
            DocumentSteps(
                request, activities: calls, snapshots: snapshots, folder: configuration.temporaryFolder, owner: owner)
        }
        let workflow = SagaWorkflow(
            saga: Saga(rules: behaviour.rules), policies: configuration.policies, taskQueue: taskQueue,
            locksDocuments: behaviour.locksDocuments)
        worker = TemporalWorker(
            client: client, options: Self.options(configuration, taskQueue),
            work: TemporalWorker.Work(
                workflows: [
                    SagaWorkflow.type: { _ in workflow }, DocumentLockWorkflow.type: { _ in DocumentLockWorkflow() },
                ],
                activity: { task, context in await activities.perform(task, context) },
                closed: { _, decider in
                    guard let saga = decider as? SagaWorkflow, let request = saga.state.request else { return }
                    // Nothing is undone any more.
                    try? await Disk.run { snapshots.remove(saga: SagaJournal.name(of: request.id)) }
                }),
            trouble: trouble)
    }

    /// A saga has no more under way at once than its embeddings, or its stores.
    private static func options(_ configuration: WorkerConfiguration, _ taskQueue: String) -> TemporalWorker.Options {
        var options = TemporalWorker.Options(taskQueue: taskQueue)
        options.activities = min(configuration.concurrency * max(configuration.embeddingConcurrency, 4), 64)
        options.workflowTasks = min(max(configuration.concurrency / 2, 1), 8)
        return options
    }

    /// Begins to poll. To be called once.
    package func start() { worker.start() }

    /// Asks for nothing more, and returns when what is under way has ended.
    /// - Parameter grace: what takes longer is left to other workers.
    package func stop(grace: Duration = .seconds(10)) async { await worker.stop(grace: grace) }
}
