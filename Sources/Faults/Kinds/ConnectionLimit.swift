import Wire

/// The service is full.
struct ConnectionLimit: Fault {
    static let kind = "connection-limit"
    static let summary = "a connection that is one too many on its link is reset as soon as it is accepted"
    static let strike = "a connection that was turned away"
    static let protocols = LinkProtocol.allCases
    static let target = FaultTarget.connections
    static let direction: Direction? = nil
    static let attributes: [FaultAttribute] = [
        .required("max", "count", "10", "how many may be open at once")
    ]
    static let example = "{ max: 10 }"

    /// So many may be open at once; 0 turns every new one away.
    let max: Int

    init(spec: inout Spec) throws(SpecError) { max = try spec.required("max", .int(in: 0...1_000_000_000)) }

    func act(on connection: ConnectionInSight, random: inout SeededRandom) -> ConnectionIntent? {
        connection.isNew && connection.open > max ? .turnAway : nil
    }
}
