import Wire

/// Every message takes longer.
struct Latency: Fault {
    static let kind = "latency"
    static let summary = "messages arrive later; those behind a late one wait for it"
    static let protocols = LinkProtocol.allCases
    static let direction: Direction? = .request
    static let example = "{ delay: 200ms, jitter: 50ms }"

    let delay: Duration
    /// The delay is spread evenly over `delay` plus and minus this.
    let jitter: Duration

    init(spec: inout Spec) throws(SpecError) {
        delay = try spec.required("delay", .duration)
        jitter = try spec.optional("jitter", .duration) ?? .zero
        guard jitter <= delay else {
            throw spec.error("jitter", "is larger than the delay", mend: "a message cannot arrive before it was sent")
        }
    }

    func act(on message: Message, random: inout SeededRandom) -> Intent? {
        jitter == .zero ? .delay(delay) : .delay(delay + jitter * (random.unit() * 2 - 1))
    }
}
