import Wire

/// Bytes go nowhere, and the connection is lost with them.
struct Swallow: Fault {
    static let kind = "swallow"
    static let summary = """
        bytes go nowhere; the connection that lost some ends, when the window is over at the latest, for it has lost its place
        """
    static let strike = "a connection that lost bytes, or was ended"
    static let protocols = LinkProtocol.allCases
    static let target = FaultTarget.connections
    static let direction: Direction? = nil
    static let takesDirection = true
    static let attributes: [FaultAttribute] = [
        .optional(
            "end", "close or reset", "reset", or: "close", "how the connection ends: in order (FIN), or with RST"),
        .optional(
            "after", "time", "5s", or: "when the window is over",
            "when it ends: with `close`, so long after the last bytes that came; with `reset`, after the first"),
    ]
    static let example = "{ end: reset, after: 5s }"

    let swallowing: Swallowing

    init(spec: inout Spec) throws(SpecError) {
        let end = try spec.optional("end", SpecType<Swallowing.End>.choice) ?? .close
        // A reset may come with the first bytes.
        let after = try spec.optional("after", end == .close ? SpecType<Duration>.durationAboveZero : .duration)
        swallowing = Swallowing(end: end, after: after)
    }

    init(_ swallowing: Swallowing) { self.swallowing = swallowing }

    func act(on connection: ConnectionInSight, random: inout SeededRandom) -> ConnectionIntent? {
        .swallow(swallowing, connection.direction)
    }
}
