import Faults
import Reactor
import Synchronization

/// What the loops of one `LocalLinks` have in common: the plan in force, and the windows of each link.
final class LinkBoard: Sendable {
    /// The plan in force, as far as every loop has to know it.
    struct Standing: Sendable {
        /// Counts the plans.
        var number = 0
        var start: Nanoseconds
        /// Whether any window of the plan waits for another.
        var anyWaits = false
    }

    private struct State {
        var plan = Plan()
        var standing: Standing
        /// Of every link that there has been: the numbers of its connections go on.
        var windows: [String: SharedWindows] = [:]
    }

    /// The time that the history counts from.
    let start: Nanoseconds
    private let state: Mutex<State>
    private let loops = Mutex<[LoopThread<Links>]>([])

    init(start: Nanoseconds) {
        self.start = start
        state = Mutex(State(standing: Standing(start: start)))
    }

    var standing: Standing { state.withLock { $0.standing } }

    /// The windows of a link, made by whoever asks first.
    func windows(of link: String) -> SharedWindows {
        state.withLock { state in
            if let windows = state.windows[link] { return windows }
            let windows = SharedWindows(link: link, plan: state.plan, start: state.standing.start)
            state.windows[link] = windows
            return windows
        }
    }

    /// Puts a plan in force. Every loop has to look at it then.
    func replace(by plan: Plan, at start: Nanoseconds) {
        state.withLock { state in
            state.plan = plan
            state.standing.number += 1
            state.standing.start = start
            state.standing.anyWaits = plan.windows.contains {
                if case .after = $0.opening { true } else { false }
            }
            for windows in state.windows.values { windows.replace(by: plan, at: start) }
        }
    }

    // MARK: Loops

    func join(_ threads: [LoopThread<Links>]) { loops.withLock { $0 = threads } }

    /// Has `work` done on all loops but one, soon.
    func post(except index: Int, _ work: @escaping LoopThread<Links>.Work) {
        let others = loops.withLock { $0 }
        for (number, loop) in others.enumerated() where number != index { loop.post(work) }
    }
}
