import Glibc

/// All that came of one started service: its session, and the descendants that left the session.
///
/// PostgreSQL's backends open sessions of their own, and LocalStack and Temporal start helpers, so a signal to one
/// process or one group would leave some behind.
struct ProcessFamily: Sendable {
    let leader: ProcessIdentity?
    /// Environment that marks every process of one stack, or of one worker; finds members whose leader is gone.
    let marker: Marker
    private(set) var members: Set<ProcessIdentity> = []

    struct Marker: Hashable, Sendable {
        static let stackVariable = "FAULTLINE_STACK"
        static let serviceVariable = "FAULTLINE_SERVICE"
        /// All of them are in the environment of a process that is marked.
        let variables: [String: String]

        init(variables: [String: String]) { self.variables = variables }

        /// - Parameter service: nil: every service of the stack.
        init(stack: String, service: String?) {
            variables = [Self.stackVariable: stack].merging(service.map { [Self.serviceVariable: $0] } ?? [:]) { $1 }
        }

        func marks(_ entry: ProcessEntry) -> Bool {
            variables.allSatisfy { entry.hasEnvironment($0.key, $0.value) }
        }
    }

    init(leader: ProcessIdentity?, marker: Marker) {
        self.leader = leader
        self.marker = marker
    }

    /// Looks again: adds newcomers, drops who is gone.
    mutating func refresh() {
        let table = ProcessEntry.all()
        let living = Set(table.map(\.identity))
        var found = members.intersection(living)
        let leads = leader.map(living.contains) ?? false
        for entry in table where entry.identity.id != getpid() && !found.contains(entry.identity) {
            if leads && (entry.identity == leader || entry.session == leader?.id) || marker.marks(entry) {
                found.insert(entry.identity)
            }
        }
        var grew = true
        while grew {
            let parents = Set(found.map(\.id))
            let children = table.filter { parents.contains($0.parent) }.map(\.identity)
            let before = found.count
            found.formUnion(children)
            grew = found.count > before
        }
        members = found
    }

    func signal(_ number: Int32) {
        for member in members where member.isAlive { kill(member.id, number) }
    }

    /// Has all stand still, and waits until they do.
    ///
    /// - Parameter announce: told of them before they do.
    mutating func halt(announce: (Set<ProcessIdentity>) -> Void = { _ in }) async {
        let deadline = ContinuousClock.now + .seconds(2)
        repeat {
            refresh()
            announce(members)
            signal(SIGSTOP)
            let table = members.compactMap { ProcessEntry.read($0.id) }
            if table.allSatisfy({ $0.isDead || $0.isStopped }) { return }
            await Termination.wait(milliseconds: 2)
        } while ContinuousClock.now < deadline
    }

    var memory: Int { members.reduce(0) { $0 + ProcessEntry.memory(of: $1.id) } }
}
