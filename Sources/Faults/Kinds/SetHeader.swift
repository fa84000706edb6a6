import Wire

/// A header says something else.
struct SetHeader: Fault {
    static let kind = "set-header"
    static let summary = "a header arrives with this value, whether it was there or not"
    static let strike = "a message that got it"
    static let protocols = [LinkProtocol.http]
    static let direction: Direction? = .response
    static let attributes: [FaultAttribute] = [
        .required("name", "header", "Content-Type", "which header; not one that frames the message"),
        .required("value", "text", "application/octet-stream", "what it says then"),
    ]
    static let example = "{ name: Content-Type, value: application/octet-stream }"

    let name: String
    let value: String

    init(spec: inout Spec) throws(SpecError) {
        name = try spec.changeableHeader("name")
        value = try spec.required("value", .headerValue)
    }

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .edit(.setHeader(name, to: value)) }
}
