import Faults
import Ingestion
import Stack

/// The reference worker as processes of its own, a lane each, for experiments that strike them.
enum ReferenceWorkers {
    /// As `process: worker` names them.
    static let name = "worker"

    /// For a plan.
    static let words = "\(name): faultline worker --engine temporal (a process for each lane)"

    /// Whether an experiment strikes them.
    static func areStruck(by experiment: Experiment) -> Bool {
        experiment.windows.contains { $0.process?.name == name }
    }

    /// The task queue of a lane's worker.
    /// - Parameter run: the run's token.
    static func taskQueue(run: String, lane: String) -> String { "\(run)-\(lane)" }

    static func spec(data: RunData, seed: UInt64, defects: Set<Defect>) -> WorkerSpec {
        let words = [
            FaultlineProgram.path, "worker", "--engine", "temporal",
            "--task-queue", taskQueue(run: "{run}", lane: "{lane}"), "--journal", data.journalFolder,
            "--seed", "\(seed)",
        ]
        var spec = WorkerSpec(
            name: name, words: words + defects.map(\.name).sorted().flatMap { ["--defect", $0] },
            environment: [
                "APEX_DOCUMENTS_BUCKET": data.bucket, "TEMPORAL_MAX_ACTIVITIES": "1", "POSTGRES_MAX_POOL_SIZE": "1",
            ],
            placement: .perLane, readiness: .file("{ready-file}"), stop: WorkerSpec.Stop(grace: .seconds(3)))
        // What is set for the user's own workers is not meant for ours.
        spec.inheritsEnvironment = false
        return spec
    }
}

extension Experiment {
    /// What it strikes that is not there, in words; nil: all is.
    /// - Parameters:
    ///   - links: names of those that there are.
    ///   - isOnlyInside: the reference worker is in this process alone.
    func struck(beyond links: Set<String>, isOnlyInside: Bool) -> String? {
        if isOnlyInside, ReferenceWorkers.areStruck(by: self) { return "the process '\(ReferenceWorkers.name)'" }
        // What strikes a process at a time needs no link.
        let link = windows.map(\.link).first { !$0.isEmpty && !links.contains($0) }
        return link.map { "the link '\($0)'" }
    }
}
