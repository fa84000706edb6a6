/// What drives the reference saga.
package enum SagaEngine: String, CaseIterable, Hashable, Sendable, Codable {
    /// This process, with a journal on disk.
    case embedded
    /// A Temporal server, and workers that poll it.
    case temporal
}
