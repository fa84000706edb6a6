import Glibc

/// All that came of one started service: its session, and the descendants that left the session.
///
/// PostgreSQL's backends open sessions of their own, and LocalStack and Temporal start helpers, so a signal to one
/// process or one group would leave some behind.
struct ProcessFamily: Sendable {
    let leader: ProcessIdentity?
    /// Environment that marks every process of one stack; finds members whose leader is gone.
    let marker: Marker
    private(set) var members: Set<ProcessIdentity> = []

    struct Marker: Hashable, Sendable {
        static let stackVariable = "FAULTLINE_STACK"
        static let serviceVariable = "FAULTLINE_SERVICE"
        var stack: String
        /// nil: every service of the stack.
        var service: String?

        func marks(_ entry: ProcessEntry) -> Bool {
            entry.hasEnvironment(Self.stackVariable, stack)
                && (service.map { entry.hasEnvironment(Self.serviceVariable, $0) } ?? true)
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

    var memory: Int { members.reduce(0) { $0 + ProcessEntry.memory(of: $1.id) } }
}
