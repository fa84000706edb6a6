import Wire

/// A header is missing.
struct RemoveHeader: Fault {
    static let kind = "remove-header"
    static let summary = "a header does not arrive"
    static let strike = "a message that lacked it"
    static let protocols = [LinkProtocol.http]
    static let direction: Direction? = .response
    static let attributes: [FaultAttribute] = [
        .required("name", "header", "Content-Type", "which header; not one that frames the message")
    ]
    static let example = "{ name: Content-Type }"

    let name: String

    init(spec: inout Spec) throws(SpecError) {
        name = try spec.changeableHeader("name")
    }

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .edit(.removeHeader(name)) }
}
