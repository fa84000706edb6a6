import Wire

/// A text got no vector.
struct DropEmbedding: Fault {
    static let kind = "drop-embedding"
    static let summary = """
        one vector of an answer to 'embeddings' is missing, and the others keep their numbers (index); an error is left alone
        """
    static let strike = "an answer that lacked a vector"
    static let protocols = [LinkProtocol.http]
    static let services: [Service]? = [.openai]
    static let direction: Direction? = .response
    static let oneWayOn = LinkProtocol.allCases
    static let rewritesBodies = true
    static let attributes: [FaultAttribute] = [.upTo("4MiB")]
    static let example = "{}"

    let upTo: Int

    init(spec: inout Spec) throws(SpecError) { upTo = try spec.optional("up-to", .byteSize) ?? 4 << 20 }

    func ownOperations(on link: LinkProtocol) -> OwnOperations? { .only("embeddings") }

    func act(on message: Message, random: inout SeededRandom) -> Intent? {
        message.status == 200 ? .rewrite(.dropEmbedding, upTo: upTo) : nil
    }
}
