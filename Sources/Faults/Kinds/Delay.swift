import Wire

/// A message takes longer, always the same.
struct Delay: Fault {
    static let kind = "delay"
    static let summary = "the message arrives so much later; those behind it wait for it"
    static let strike = "a message that was delayed"
    static let protocols = LinkProtocol.withMessages
    static let direction: Direction? = .request
    static let attributes: [FaultAttribute] = [.required("time", "time", "2s", "how much later")]
    static let example = "{ time: 2s }"

    let time: Duration

    init(spec: inout Spec) throws(SpecError) { time = try spec.required("time", .durationAboveZero) }

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .delay(time) }
}
