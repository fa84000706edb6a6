import Wire

/// S3 is asked too often.
struct SlowDown: Fault {
    static let kind = "slow-down"
    static let summary = "the request is not applied; S3 answers 503 SlowDown"
    static let strike = "a request that was answered so"
    static let protocols = [LinkProtocol.http]
    static let services: [Service]? = [.s3]
    static let direction: Direction? = .request
    static let oneWayOn = LinkProtocol.allCases
    static let example = "{}"

    init(spec: inout Spec) throws(SpecError) {}

    func act(on message: Message, random: inout SeededRandom) -> Intent? {
        .reply(.http(status: 503, headers: [], body: nil))
    }
}
