import Wire

/// The connection ends, in order and too early.
struct Close: Fault {
    static let kind = "close"
    static let summary = """
        the connection ends in order (FIN) on both sides when the message arrives, and the message is lost; with 'after', \
        when so many bytes of it have passed
        """
    static let strike = "a message in whose place the connection ended"
    static let protocols = LinkProtocol.allCases
    static let direction: Direction? = .request
    static let attributes: [FaultAttribute] = [
        .optional(
            "after", "size", "1KiB", or: "none", "bytes of the message, its head among them, that still pass")
    ]
    static let example = "{ after: 1KiB }"

    /// Bytes of the message, its head among them, that still pass.
    let after: Int?

    init(spec: inout Spec) throws(SpecError) { after = try spec.optional("after", .byteSize) }

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .close(after: after) }
}
