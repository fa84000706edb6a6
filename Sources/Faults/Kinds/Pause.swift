import Wire

/// A machine that swaps, a collector of garbage, a process that a supervisor stopped.
struct Pause: Fault {
    static let kind = "pause"
    static let summary = """
        the process and all that came of it stand still (SIGSTOP) with their connections open, and go on when the window is over
        """
    static let strike = "a process that was paused"
    static let protocols: [LinkProtocol] = []
    static let target = FaultTarget.processes
    static let direction: Direction? = nil
    static let example = "{}"
    static let exampleSection = """
        faults:
          - process: redis
            from: 500ms
            for: 2s
            inject: pause
        """

    init(spec: inout Spec) throws(SpecError) {}

    var processAction: ProcessAction? { .pause }
}
