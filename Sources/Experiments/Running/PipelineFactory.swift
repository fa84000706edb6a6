import Ingestion
import Stores

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
            guard let endpoints = system.endpoints else {
                throw RunError(
                    what: "the reference worker does not know where its services are",
                    mend: "name a pipeline of your own in the system file")
            }
            let workers = try (0..<lanes).map { lane in
                try configuration(endpoints, through: addresses.mapValues { $0[lane] })
            }
            return EmbeddedPipeline(
                lanes: workers, journal: SagaJournal(folder: data.journalFolder), defects: defects)
        case .command(let command):
            return CommandPipeline(
                command: command, system: system, addresses: addresses, temporaryFolder: data.temporaryFolder)
        }
    }

    /// A lane has one document at a time, whose calls to one store come one after the other.
    private func configuration(
        _ endpoints: Endpoints, through addresses: [String: String]
    ) throws -> WorkerConfiguration {
        var configuration = WorkerConfiguration(
            endpoints: try ReferenceLinks.endpoints(endpoints, through: addresses), bucket: data.bucket)
        configuration.concurrency = 1
        configuration.connections = 1
        configuration.temporaryFolder = data.temporaryFolder
        configuration.seed = seed
        return configuration
    }
}
