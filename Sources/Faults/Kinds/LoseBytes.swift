import Wire

/// Some bytes never arrive, and nobody is told.
struct LoseBytes: Fault {
    static let kind = "lose-bytes"
    static let summary = """
        a share of the chunks that arrive is thrown away, by chance, and the stream goes on behind them; TCP itself would \
        never do that
        """
    static let strike = "a chunk that was thrown away"
    static let protocols = LinkProtocol.allCases
    static let target = FaultTarget.connections
    static let direction: Direction? = nil
    static let takesDirection = true
    static let attributes: [FaultAttribute] = [
        .required("rate", "share", "10%", "of the chunks, each as it was read"),
        .optional(
            "correlation", "share", "50%", or: "0%", "how much likelier a chunk is lost when the one before it was"),
    ]
    static let example = "{ rate: 10%, correlation: 50% }"

    let loss: ByteLoss

    init(spec: inout Spec) throws(SpecError) {
        let rate = try spec.required("rate", .percent)
        guard rate > 0 else { throw spec.error("rate", "loses nothing", mend: "write a share above 0%") }
        loss = ByteLoss(rate: rate, correlation: try spec.optional("correlation", .percent) ?? 0)
    }

    init(_ loss: ByteLoss) { self.loss = loss }

    func act(on connection: ConnectionInSight, random: inout SeededRandom) -> ConnectionIntent? {
        .lose(loss, connection.direction)
    }
}
