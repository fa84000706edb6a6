import Wire

/// Nothing is broken; something was seen.
struct Watch: Fault {
    static let kind = "watch"
    static let summary = """
        nothing happens; it counts the messages that it sees, so that other windows can open after them with \
        'from: { after: NAME, strikes: N }'
        """
    static let strike = "a message that was seen; it breaks nothing, so no evidence of damage counts it"
    static let protocols = LinkProtocol.withMessages
    static let direction: Direction? = .request
    static let isDamage = false
    static let example = "{}"
    static let exampleSection = """
        faults:
          - name: committed
            on: postgres
            when: { operation: COMMIT }
            inject: watch
          - on: qdrant
            when: { first: 1 }
            from: { after: committed, strikes: 1 }
            inject: lose-response
        """

    init(spec: inout Spec) throws(SpecError) {}

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .watch }
}
