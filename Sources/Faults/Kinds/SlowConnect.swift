import Wire

/// The service is slow to be reached.
struct SlowConnect: Fault {
    static let kind = "slow-connect"
    static let summary = """
        the service is dialled so much later; the client is connected at once, and what it sends waits
        """
    static let strike = "a connection for which dialling had to wait"
    static let protocols = LinkProtocol.allCases
    static let target = FaultTarget.connections
    static let direction: Direction? = nil
    static let attributes: [FaultAttribute] = [
        .required("delay", "time", "3s", "how much later")
    ]
    static let example = "{ delay: 3s }"

    let delay: Duration

    init(spec: inout Spec) throws(SpecError) { delay = try spec.required("delay", .durationAboveZero) }

    func act(on connection: ConnectionInSight, random: inout SeededRandom) -> ConnectionIntent? {
        connection.isNew ? .dialLate(delay) : nil
    }
}
