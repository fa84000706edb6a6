package import Faults
import Glibc

/// A worker that faultline starts, watches, strikes and ends: one process, or several.
package struct WorkerSpec: Hashable, Sendable {
    package enum Placement: Hashable, Sendable {
        /// So many, with the links of the first lane.
        case count(Int)
        /// One for each lane, with that lane's links.
        case perLane
    }

    /// What shows that a process is ready.
    package enum Readiness: Hashable, Sendable {
        /// It is there.
        case started
        /// A line of its output that matches.
        case line(Glob)
        /// A file that is there; `{ready-file}` is one that faultline names.
        case file(String)
        /// It listens on this port of the machine.
        case port(Int)
    }

    /// How a process is ended.
    package struct Stop: Hashable, Sendable {
        package var signal: Int32
        /// What is left of it after so long is killed.
        package var grace: Duration

        package init(signal: Int32 = SIGTERM, grace: Duration = .seconds(30)) {
            self.signal = signal
            self.grace = grace
        }
    }

    package var name: String
    /// `placeholders` and those of links are filled in, anywhere in a word but the first.
    package var words: [String]
    /// Added to the environment; the same is filled in.
    package var environment: [String: String]
    /// Whether it has faultline's own environment, too.
    package var inheritsEnvironment = true
    /// Where it runs: the folder of the system file.
    package var folder: String
    package var placement: Placement
    package var readiness: Readiness
    package var readyWithin: Duration
    package var stop: Stop
    /// Whether one that ended by itself is started again.
    package var restarts: Bool

    package static let placeholders = ["lane", "run", "ready-file"]
    package static let readyWithinDefault = Duration.seconds(30)
    /// Tells a process where the file belongs that `{ready-file}` names.
    package static let readyFileVariable = "WORKER_READY_FILE"
    /// What tells a run's processes from all others: the run's token, and the process's label.
    package static let runVariable = "FAULTLINE_RUN"
    package static let labelVariable = "FAULTLINE_WORKER"

    package init(
        name: String, words: [String], environment: [String: String] = [:], folder: String = ".",
        placement: Placement = .count(1), readiness: Readiness = .started,
        readyWithin: Duration = WorkerSpec.readyWithinDefault, stop: Stop = Stop(), restarts: Bool = false
    ) {
        self.name = name
        self.words = words
        self.environment = environment
        self.folder = folder
        self.placement = placement
        self.readiness = readiness
        self.readyWithin = readyWithin
        self.stop = stop
        self.restarts = restarts
    }

    /// How many processes there are of it.
    /// - Parameter lanes: of the run.
    package func count(lanes: Int) -> Int {
        switch placement {
        case .count(let count): count
        case .perLane: lanes
        }
    }
}
