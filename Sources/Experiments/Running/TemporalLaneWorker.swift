import Ingestion
import Temporal

/// The reference worker of one lane inside this process, which reaches Temporal through the lane's link.
struct TemporalLaneWorker: Sendable {
    private let worker: TemporalIngestionWorker
    private let client: TemporalClient

    /// Begins to poll.
    /// - Parameters:
    ///   - temporal: as the lane reaches it.
    ///   - folder: for what stood in the stores; all lanes share it.
    init(
        configuration: WorkerConfiguration, temporal: TemporalAddress, taskQueue: String, folder: String,
        defects: Set<Defect>
    ) throws(TemporalError) {
        client = try TemporalClient(temporal)
        worker = TemporalIngestionWorker(
            configuration: configuration, client: client, taskQueue: taskQueue, folder: folder, defects: defects)
        worker.start()
    }

    func stop() async {
        await worker.stop(grace: .seconds(2))
        client.abort()
    }
}
