import Wire

/// Nothing arrives and nobody is told.
struct Blackhole: Fault {
    static let kind = "blackhole"
    static let summary = """
        nothing passes and no connection breaks; what was held goes on when the window is over, unless its sender has \
        left by then
        """
    static let strike = "a message that was held"
    static let protocols = LinkProtocol.allCases
    static let direction: Direction? = nil
    static let example = "{}"

    init(spec: inout Spec) throws(SpecError) {}

    init() {}

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .hold }
}
