import Wire

/// The body is whole as bytes and no sense.
struct MalformedBody: Fault {
    static let kind = "malformed-body"
    static let summary = """
        the body is cut in the middle and framed as if it were whole, so that what it holds (JSON, XML) cannot be read
        """
    static let strike = "a message whose body was cut so"
    static let protocols = [LinkProtocol.http]
    static let direction: Direction? = .response
    static let rewritesBodies = true
    static let attributes: [FaultAttribute] = [.upTo("4MiB")]
    static let example = "{}"

    let upTo: Int

    init(spec: inout Spec) throws(SpecError) { upTo = try spec.optional("up-to", .byteSize) ?? 4 << 20 }

    func act(on message: Message, random: inout SeededRandom) -> Intent? {
        message.bodyBytes == 0 ? nil : .rewrite(.malform, upTo: upTo)
    }
}
