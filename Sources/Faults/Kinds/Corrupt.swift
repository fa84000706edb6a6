import Wire

/// Bits flip.
struct Corrupt: Fault {
    static let kind = "corrupt"
    static let summary = "a bit is flipped in this share of the bytes, by chance; none is added or lost"
    static let strike = "a message in which a bit was flipped"
    static let protocols = LinkProtocol.allCases
    static let direction: Direction? = nil
    static let attributes: [FaultAttribute] = [
        .required("rate", "share", "0.1%", "of all bytes, which get a flipped bit")
    ]
    static let example = "{ rate: 0.1% }"

    /// Of all bytes, above 0 and up to 1.
    let share: Double

    init(spec: inout Spec) throws(SpecError) {
        share = try spec.required("rate", .percent)
        guard share > 0 else {
            throw spec.error("rate", "strikes no byte", mend: "write a share above 0%, such as 0.1%")
        }
    }

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .corrupt(share: share) }
}
