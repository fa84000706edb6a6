import Wire

/// The network between the two sides is gone.
struct Partition: Fault {
    static let kind = "partition"
    static let summary = """
        on connections old and new nothing passes, neither bytes nor ends nor resets, and nobody dials; when the window is \
        over everything goes on
        """
    static let strike = "a connection on which something was stopped"
    static let protocols = LinkProtocol.allCases
    static let target = FaultTarget.connections
    static let direction: Direction? = nil
    static let example = "{}"

    init(spec: inout Spec) throws(SpecError) {}

    func act(on connection: ConnectionInSight, random: inout SeededRandom) -> ConnectionIntent? { .isolate }
}
