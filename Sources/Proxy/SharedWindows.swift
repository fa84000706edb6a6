import Faults
import Reactor
import Synchronization

/// The windows of one link and its counts, which all loops that carry the link have in common.
///
/// A lock guards the windows. While none of them is open nobody asks them, so a link that is not touched never takes it:
/// whether it is, each loop knows by itself (`Link.isTouched`).
final class SharedWindows: Sendable {
    /// What a loop has to know of the windows that are open.
    struct Attention: Sendable {
        var isTouched: Bool
        /// What open windows look at of messages.
        var interest: Interest
        /// Whether an open window changes bodies.
        var rewritesBodies: Bool
        var isRefusing: Bool
        /// Whether an open window must be asked about each connection.
        var countsConnections: Bool
        /// The open windows that have the listeners refuse and open connections reset.
        var resetters: [Int]
        /// Windows that have the listeners refuse from now on, which no other loop has told of.
        var newRefusers: [Int]
    }

    private struct State {
        var windows: LinkWindows
        /// When the plan was put in force.
        var start: Nanoseconds
        /// The latest time that any loop has looked at: the loops' times differ, and windows never go back.
        var latest: Nanoseconds
        /// The open windows that have the listeners refuse, and have been counted.
        var refusers: [Int] = []

        func elapsed(_ now: Nanoseconds) -> Duration { .nanoseconds(max(0, (now - start).rawValue)) }
    }

    private let state: Mutex<State>
    private let accepted = Atomic<Int>(0)
    private let open = Atomic<Int>(0)

    init(link: String, plan: Plan, start: Nanoseconds) {
        let windows = LinkWindows(link: link).replaced(by: plan)
        state = Mutex(State(windows: windows, start: start, latest: start))
    }

    /// Counts a connection that was just accepted.
    ///
    /// - Returns: its number, in the order of accepting, from 1.
    func connectionAccepted() -> Int {
        open.wrappingAdd(1, ordering: .relaxed)
        return accepted.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// - Parameter isRemembered: the windows were asked about it, or about what passed on it.
    func connectionEnded(_ number: Int, isRemembered: Bool) {
        open.wrappingSubtract(1, ordering: .relaxed)
        if isRemembered { state.withLock { $0.windows.dismiss(number) } }
    }

    /// What the open windows that have not been asked about a connection yet want to happen to it.
    func admit(_ number: Int, port: Int, isNew: Bool, at now: Nanoseconds) -> [(window: Int, intent: ConnectionIntent)]
    {
        let connection = ConnectionInSight(
            number: number, open: open.load(ordering: .relaxed), isNew: isNew, port: port)
        return state.withLock { $0.windows.admit(connection, at: $0.elapsed(now)) }
    }

    func replace(by plan: Plan, at start: Nanoseconds) {
        state.withLock { state in
            let former = state.windows.windows
            state.windows = state.windows.replaced(by: plan, at: state.elapsed(start))
            let replaced = LinkWindows.replaced(former, by: state.windows.windows)
            state.refusers.removeAll { replaced.contains($0) }
            (state.start, state.latest) = (start, start)
        }
    }

    /// Asks or changes the windows.
    ///
    /// - Parameters:
    ///   - now: the asking loop's time.
    ///   - body: is given the time since the plan was put in force. Quick, and takes no other lock.
    func access<Value: Sendable>(
        at now: Nanoseconds, _ body: (_ windows: inout LinkWindows, _ elapsed: Duration) -> Value
    ) -> Value {
        state.withLock { body(&$0.windows, $0.elapsed(now)) }
    }

    /// Looks at which windows are open, and counts the listeners of those that have them refuse: once for all loops.
    func attend(listeners: Int, at now: Nanoseconds) -> Attention {
        state.withLock { state in
            state.latest = max(state.latest, now)
            let elapsed = state.elapsed(state.latest)
            let former = state.refusers
            let refusing = state.windows.refusing(at: elapsed)
            state.refusers = refusing.map(\.window)
            let newRefusers = state.refusers.filter { !former.contains($0) }
            for window in newRefusers { state.windows.strikeListeners(listeners, window: window) }
            return Attention(
                isTouched: state.windows.hasOpenWindow(at: elapsed),
                interest: state.windows.interest(at: elapsed),
                rewritesBodies: state.windows.rewritesBodies(at: elapsed), isRefusing: !state.refusers.isEmpty,
                countsConnections: state.windows.countsConnections(at: elapsed),
                resetters: refusing.filter(\.resetsConnections).map(\.window), newRefusers: newRefusers)
        }
    }

    /// When next after `now` a window opens or closes, or turns within; `.never` as far as nobody knows.
    func nextEdge(after now: Nanoseconds) -> Nanoseconds {
        state.withLock { state in
            state.windows.nextEdge(after: state.elapsed(now)).map { state.start + Nanoseconds($0) } ?? .never
        }
    }

    /// How far each window has come, by its id, and from when its times count.
    func progress(at now: Nanoseconds) -> (progress: [Int: LinkWindows.Progress], start: Nanoseconds) {
        state.withLock { ($0.windows.progress(at: $0.elapsed(now)), $0.start) }
    }

    func strikes(of window: Int) -> Int { state.withLock { $0.windows.strikes(of: window) } }

    /// How often windows have struck by their fault's kind, those that are gone as well.
    var strikesByKind: [String: Int] { state.withLock { $0.windows.strikesByKind } }

    /// How often each window has struck.
    var strikes: [(window: Int, count: Int)] { state.withLock { $0.windows.strikes } }
}
