import Wire

/// The service comes and goes.
struct Flap: Fault {
    static let kind = "flap"
    static let summary = """
        the link is up for 'up', then down for 'down', again and again from the window's opening; while it is down new \
        connections are refused, and open ones are reset when it goes down
        """
    static let strike = "a listening socket that was shut, or an open connection that was reset, each time"
    static let protocols = LinkProtocol.allCases
    static let target = FaultTarget.listeners
    static let direction: Direction? = nil
    static let attributes: [FaultAttribute] = [
        .required("up", "time", "5s", "how long it is up; 10ms at least"),
        .required("down", "time", "1s", "how long it is down; 10ms at least"),
    ]
    static let example = "{ up: 5s, down: 1s }"

    let up: Duration
    let down: Duration

    init(spec: inout Spec) throws(SpecError) {
        up = try spec.required("up", .phase)
        down = try spec.required("down", .phase)
    }

    var outage: Outage { Outage(cycle: Outage.Cycle(up: up, down: down), resetsConnections: true) }
}

extension SpecType where Value == Duration {
    /// A time long enough for sockets to be shut and opened in.
    fileprivate static var phase: SpecType {
        SpecType(example: "5s") { node, place throws(SpecError) in
            let duration = try SpecType<Duration>.duration.read(node, place)
            guard duration >= .milliseconds(10) else {
                throw place.error("is shorter than 10ms", mend: "a link cannot come and go faster than that")
            }
            return duration
        }
    }
}
