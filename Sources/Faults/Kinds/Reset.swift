import Wire

/// The connection breaks.
struct Reset: Fault {
    static let kind = "reset"
    static let summary = """
        the connection is reset on both sides when the message arrives, and the message is lost; with 'after', when so \
        many bytes of it have passed
        """
    static let strike = "a message in whose place the connection was reset"
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

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .reset(after: after) }
}
