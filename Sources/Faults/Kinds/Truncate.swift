import Wire

/// The message is cut short.
struct Truncate: Fault {
    static let kind = "truncate"
    static let summary = """
        the head arrives as it was and so many bytes of the body (of an answer of PostgreSQL, Redis or Neo4j, so many \
        bytes), then the connection ends; a body that is known to be no longer is left alone
        """
    static let strike = "a body that was cut short"
    static let protocols = LinkProtocol.withMessages
    static let direction: Direction? = .response
    static let oneWayOn = [LinkProtocol.postgres, .redis, .bolt]
    static let attributes: [FaultAttribute] = [
        .required("after", "size", "1KiB", "bytes of the body that still pass")
    ]
    static let example = "{ after: 1KiB }"
    static let exampleSection = section(on: "s3", when: "{ operation: GetObject, first: 2 }")

    /// Bytes of the body that still pass.
    let after: Int

    init(spec: inout Spec) throws(SpecError) { after = try spec.required("after", .byteSize) }

    func act(on message: Message, random: inout SeededRandom) -> Intent? {
        if let length = message.bodyBytes, length <= after { return nil }
        return .truncate(after: after)
    }
}
