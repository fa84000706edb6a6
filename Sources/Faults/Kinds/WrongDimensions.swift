import Wire

/// The vectors are of another model.
struct WrongDimensions: Fault {
    static let kind = "wrong-dimensions"
    static let summary = """
        the vectors of an answer to 'embeddings' have so many dimensions, cut off or filled with zeros; an error is left alone
        """
    static let strike = "an answer whose vectors had another length before"
    static let protocols = [LinkProtocol.http]
    static let services: [Service]? = [.openai]
    static let direction: Direction? = .response
    static let oneWayOn = LinkProtocol.allCases
    static let rewritesBodies = true
    static let attributes: [FaultAttribute] = [
        .required("dimensions", "count", "512", "how many numbers each vector has then"), .upTo("4MiB"),
    ]
    static let example = "{ dimensions: 512 }"

    let dimensions: Int
    let upTo: Int

    init(spec: inout Spec) throws(SpecError) {
        dimensions = try spec.required("dimensions", .int(in: 1...65_536))
        upTo = try spec.optional("up-to", .byteSize) ?? 4 << 20
    }

    func ownOperations(on link: LinkProtocol) -> OwnOperations? { .only("embeddings") }

    func act(on message: Message, random: inout SeededRandom) -> Intent? {
        message.status == 200 ? .rewrite(.resizeEmbeddings(dimensions: dimensions), upTo: upTo) : nil
    }
}
