import Wire

/// The service refuses.
struct Status: Fault {
    static let kind = "status"
    static let summary = "the request is not applied; it is answered with this status, worded as the service words it"
    static let strike = "a request that was answered so"
    static let protocols = [LinkProtocol.http]
    static let direction: Direction? = .request
    static let oneWayOn = LinkProtocol.allCases
    static let attributes: [FaultAttribute] = [
        .required("code", "status", "503", "from 200 to 599"),
        .optional(
            "headers", "headers", "{ Retry-After: \"2\" }", or: "none", "which the answer has beside its own"),
        .optional(
            "body", "text", "no", or: "the service's own words", "what the answer says"),
    ]
    static let example = "{ code: 503, headers: { Retry-After: \"2\" } }"

    let code: Int
    let headers: [Reply.Header]
    let body: String?

    init(spec: inout Spec) throws(SpecError) {
        code = try spec.required("code", .int(in: 200...599))
        headers = try spec.optional("headers", .headers) ?? []
        body = try spec.optional("body", .string)
    }

    func act(on message: Message, random: inout SeededRandom) -> Intent? {
        .reply(.http(status: code, headers: headers, body: body))
    }
}

extension SpecType where Value == [Reply.Header] {
    /// A mapping of header names to their values.
    static var headers: SpecType {
        .mapping { (spec: inout Spec) throws(SpecError) -> [Reply.Header] in
            try spec.all(.string).map { Reply.Header($0.key, $0.value) }
        }
    }
}
