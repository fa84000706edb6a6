/// What a fault remembers of the messages that it was asked about. Each window has one, for all connections and loops of its
/// link. Times count from when the plan was put in force.
package struct FaultMemory: Hashable, Sendable {
    /// When the quota of a fault that rations is whole again.
    package var quotaWholeAt = Duration.zero

    package init() {}

    /// The same, in the time of a plan that was put in force so much later.
    func rebased(by elapsed: Duration) -> FaultMemory {
        var memory = self
        memory.quotaWholeAt -= elapsed
        return memory
    }
}
