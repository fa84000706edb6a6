import Ingestion
import Stores
import Temporal

/// Makes the pipeline that a system asks for, behind the links of its lanes.
struct PipelineFactory {
    let system: System
    let data: RunData
    let seed: UInt64
    let defects: Set<Defect>

    /// - Parameter addresses: where the links listen, by name, one address a lane.
    func pipeline(lanes: Int, addresses: [String: [String]]) throws -> any Pipeline {
        switch system.pipeline {
        case .reference:
            let configurations = try (0..<lanes).map { lane in
                try configuration(through: addresses.mapValues { $0[lane] })
            }
            guard system.engine == .temporal else {
                return EmbeddedPipeline(
                    lanes: configurations, journal: SagaJournal(folder: data.journalFolder), defects: defects)
            }
            return try onTemporal(configurations)
        case .command(let command):
            return CommandPipeline(
                command: command, system: system, addresses: addresses, temporaryFolder: data.temporaryFolder)
        case .http(let http):
            return HTTPPipeline(spec: http, system: system, addresses: addresses)
        case .temporal(let temporal):
            return try TemporalPipeline(spec: temporal)
        }
    }

    /// Workers that are processes of their own have been started already.
    private func onTemporal(_ lanes: [WorkerConfiguration]) throws -> TemporalSagaPipeline {
        let taskQueues = lanes.indices.map { ReferenceWorkers.taskQueue(run: data.token, lane: "\($0)") }
        let inside = system.workers.isEmpty ? Array(zip(lanes, taskQueues)) : []
        return try TemporalSagaPipeline(
            temporal: temporal(system.endpoints?.temporal), webUI: system.endpoints?.temporalUI,
            taskQueues: taskQueues,
            workers: inside.map { lane, taskQueue in
                try TemporalLaneWorker(
                    configuration: lane, temporal: temporal(lane.endpoints.temporal), taskQueue: taskQueue,
                    folder: data.journalFolder, defects: defects)
            })
    }

    private func temporal(_ text: String?) throws -> TemporalAddress {
        guard let text, let address = TemporalAddress(text) else {
            throw RunError(
                what: "the reference worker does not know where Temporal is",
                mend: "start the native stack, or choose --engine embedded")
        }
        return address
    }

    /// A lane has one document at a time, whose calls to one store come one after the other.
    private func configuration(through addresses: [String: String]) throws -> WorkerConfiguration {
        var configuration = WorkerConfiguration(
            endpoints: try system.endpoints(through: addresses), bucket: data.bucket)
        configuration.concurrency = 1
        configuration.connections = 1
        configuration.temporaryFolder = data.temporaryFolder
        configuration.seed = seed
        return configuration
    }
}
