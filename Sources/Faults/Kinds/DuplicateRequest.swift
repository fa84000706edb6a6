import Wire

/// The service hears it twice.
struct DuplicateRequest: Fault {
    static let kind = "duplicate-request"
    static let summary = "the service gets the request twice, one behind the other; the client gets the first answer"
    static let strike = "a request that was sent again"
    static let protocols = LinkProtocol.withMessages
    static let direction: Direction? = .request
    static let oneWayOn = LinkProtocol.allCases
    static let attributes: [FaultAttribute] = [.upTo("1MiB")]
    static let example = "{ up-to: 1MiB }"

    let upTo: Int

    init(spec: inout Spec) throws(SpecError) { upTo = try spec.optional("up-to", .byteSize) ?? 1 << 20 }

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .duplicate(upTo: upTo) }
}
