import Wire

/// The vectors are all there, and belong to other texts.
struct ReorderEmbeddings: Fault {
    static let kind = "reorder-embeddings"
    static let summary = """
        the vectors of an answer to 'embeddings' change places, while their numbers (index) stay in order; an error is left alone
        """
    static let strike = "an answer whose vectors were moved"
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
        message.status == 200 ? .rewrite(.reorderEmbeddings, upTo: upTo) : nil
    }
}
