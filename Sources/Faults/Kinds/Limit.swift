import Wire

/// The connection carries so much and no more.
struct Limit: Fault {
    static let kind = "limit"
    static let summary = """
        when so many bytes have passed in a direction since the window opened, the connection ends in order on both sides
        """
    static let strike = "a connection that reached its limit"
    static let protocols = LinkProtocol.allCases
    static let target = FaultTarget.connections
    static let direction: Direction? = nil
    static let takesDirection = true
    static let attributes: [FaultAttribute] = [
        .required("bytes", "size", "1MiB", "how many pass")
    ]
    static let example = "{ bytes: 1MiB }"

    let bytes: Int

    init(spec: inout Spec) throws(SpecError) { bytes = try spec.required("bytes", .byteSize) }

    init(bytes: Int) { self.bytes = bytes }

    func act(on connection: ConnectionInSight, random: inout SeededRandom) -> ConnectionIntent? {
        .limit(bytes: bytes, connection.direction)
    }
}
