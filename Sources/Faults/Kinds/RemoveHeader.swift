import Wire

/// A header is missing.
struct RemoveHeader: Fault {
    static let kind = "remove-header"
    static let summary = "a header does not arrive"
    static let strike = "a message that lacked it"
    static let protocols = [LinkProtocol.http]
    static let direction: Direction? = .response
    static let example = "{ name: Content-Type }"

    let name: String

    init(spec: inout Spec) throws(SpecError) {
        name = try spec.required("name", .name)
        guard !["content-length", "transfer-encoding"].contains(name.lowercased()) else {
            throw spec.error("name", "is '\(name)', which frames the message", mend: "a message without it has no end")
        }
    }

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .edit(.removeHeader(name)) }
}
