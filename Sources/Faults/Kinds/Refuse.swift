import Wire

/// Nobody listens.
struct Refuse: Fault {
    static let kind = "refuse"
    static let summary = """
        new connections are refused (ECONNREFUSED) while the window is open; those that are open go on
        """
    static let strike = "a listening socket that was shut"
    static let protocols = LinkProtocol.allCases
    static let target = FaultTarget.listeners
    static let direction: Direction? = nil
    static let example = "{}"

    init(spec: inout Spec) throws(SpecError) {}

    var outage: Outage { Outage() }
}
