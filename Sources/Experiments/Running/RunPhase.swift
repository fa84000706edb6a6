/// Where a run is, in the order of a run.
package enum RunPhase: String, Hashable, Sendable, Codable, CaseIterable {
    /// Documents are made and uploaded, links opened.
    case preparing
    /// A few documents without faults.
    case baseline
    /// The documents, with the plan in force.
    case workload
    /// The plan is replaced by an empty one.
    case healing
    /// Waits until nothing is under way.
    case settling
    /// Stores and wire history are read and judged.
    case checking
    /// The run's data is deleted.
    case cleaning
}

/// What somebody who waits for a run wants to know.
package enum RunProgress: Hashable, Sendable {
    case phase(RunPhase)
    case documents(done: Int, of: Int, struck: Int)
}
