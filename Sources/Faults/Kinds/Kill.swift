import Wire

/// A crash, or the kernel out of memory.
struct Kill: Fault {
    static let kind = "kill"
    static let summary = """
        the process and all that came of it are killed (SIGKILL); it is started again after 'restart-after', or when the \
        window is over, and has what it had on disk
        """
    static let strike = "a process that was killed"
    static let protocols: [LinkProtocol] = []
    static let target = FaultTarget.processes
    static let direction: Direction? = nil
    static let attributes = [
        FaultAttribute.optional(
            "restart-after", "time", "2s", or: "when the window is over", "how long it is gone")
    ]
    static let example = "{ restart-after: 2s }"

    let restartAfter: Duration?

    init(spec: inout Spec) throws(SpecError) {
        restartAfter = try spec.optional("restart-after", .duration)
    }

    var processAction: ProcessAction? { .kill(restartAfter: restartAfter) }
}
