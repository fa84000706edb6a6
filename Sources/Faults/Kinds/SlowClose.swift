import Wire

/// The end of a stream is late.
struct SlowClose: Fault {
    static let kind = "slow-close"
    static let summary = "the end of a stream (FIN) arrives so much later; its bytes do not"
    static let strike = "an end of a stream that had to wait"
    static let protocols = LinkProtocol.allCases
    static let target = FaultTarget.connections
    static let direction: Direction? = nil
    static let takesDirection = true
    static let attributes: [FaultAttribute] = [
        .required("delay", "time", "5s", "how much later")
    ]
    static let example = "{ delay: 5s }"

    let delay: Duration

    init(spec: inout Spec) throws(SpecError) { delay = try spec.required("delay", .durationAboveZero) }

    init(delay: Duration) { self.delay = delay }

    func act(on connection: ConnectionInSight, random: inout SeededRandom) -> ConnectionIntent? {
        .endLate(delay, connection.direction)
    }
}
