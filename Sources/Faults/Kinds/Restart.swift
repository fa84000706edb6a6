import Wire

/// A deployment.
struct Restart: Fault {
    static let kind = "restart"
    static let summary = """
        the process is asked to end (SIGTERM, or its own signal), killed where it does not within its time, and started again \
        at once
        """
    static let strike = "a process that was ended and started again"
    static let protocols: [LinkProtocol] = []
    static let target = FaultTarget.processes
    static let direction: Direction? = nil
    static let example = "{}"

    init(spec: inout Spec) throws(SpecError) {}

    var processAction: ProcessAction? { .restart }
}
