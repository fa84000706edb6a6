import Wire

/// Nothing is broken; something was seen.
struct Watch: Fault {
    static let kind = "watch"
    static let summary = """
        nothing happens; it counts the messages that it sees, so that other windows can open after them with \
        'from: { after: NAME, strikes: N }'
        """
    static let strike = "a message that was seen; it is no damage, and counts as none"
    static let protocols = LinkProtocol.withMessages
    static let direction: Direction? = .request
    static let isDamage = false
    static let example = "{}"

    init(spec: inout Spec) throws(SpecError) {}

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .watch }
}
