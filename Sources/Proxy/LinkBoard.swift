import Faults
import Reactor
import Synchronization

/// What the loops of one `LocalLinks` have in common: the plan in force, and the windows of each link.
final class LinkBoard: Sendable {
    /// The plan in force, as far as every loop has to know it.
    struct Standing: Sendable {
        /// Counts the plans.
        var number = 0
        /// When the plan was put in force; links that it left alone reckon by a former one's.
        var start: Nanoseconds
        /// Whether any window of the plan waits for another.
        var anyWaits = false
    }

    private struct State {
        var plan = Plan()
        var standing: Standing
        /// Of every link that there has been: the numbers of its connections go on.
        var windows: [String: SharedWindows] = [:]
        var links: [String: OpenedLink] = [:]
        /// Names of links that are about to open or to close.
        var changing: Set<String> = []
    }

    /// The time that the history counts from.
    let start: Nanoseconds
    private let state: Mutex<State>
    private let loops = Mutex<[LoopThread<Links>]>([])
    private let summoned = Mutex<(@Sendable (Summons) -> Void)?>(nil)

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
    ///
    /// - Parameter names: of the links that it means; `nil` for all. On others their windows go on, and count on.
    func replace(by plan: Plan, at start: Nanoseconds, on names: Set<String>?) {
        state.withLock { state in
            state.plan = plan
            state.standing.number += 1
            state.standing.start = start
            state.standing.anyWaits = plan.windows.contains {
                if case .after = $0.opening { true } else { false }
            }
            let changed = names?.compactMap { state.windows[$0] } ?? Array(state.windows.values)
            for windows in changed { windows.replace(by: plan, at: start) }
        }
    }

    // MARK: Links

    /// Reserves the names of links that shall close, and of those that shall open, which may be the same.
    ///
    /// - Returns: the links that shall close.
    /// - Throws: `LinkError`, for two links of one name or none to close.
    func beginChange(closing: [String], opening: [String]) throws -> [OpenedLink] {
        try state.withLock { state in
            var changing = state.changing
            let former = try closing.map { name throws(LinkError) in
                guard let link = state.links[name], changing.insert(name).inserted else {
                    let known = state.links.keys.sorted().joined(separator: ", ")
                    throw LinkError(
                        link: name, what: "there is no link of this name to close", mend: "there are: \(known)")
                }
                return link
            }
            var names = Set(state.links.keys).union(state.changing).subtracting(closing)
            for name in opening where !names.insert(name).inserted {
                throw LinkError(link: name, what: "there is another link of this name", mend: "name links apart")
            }
            state.changing = changing.union(opening)
            return former
        }
    }

    /// Ends a change, whether it was made or not.
    func endChange(closing: [String], opening: [String], opened: [OpenedLink]?) {
        state.withLock { state in
            state.changing.subtract(closing)
            state.changing.subtract(opening)
            guard let opened else { return }
            for name in closing { state.links[name] = nil }
            for link in opened { state.links[link.name] = link }
        }
    }

    /// Closes all sockets that listen. No loop carries a link any more.
    func closeSockets() {
        let links = state.withLock { state in
            defer { state.links = [:] }
            return Array(state.links.values)
        }
        OpenedLink.close(links, except: [])
    }

    // MARK: Processes

    /// Has somebody told of each message for which a process is to be struck.
    func onSummons(_ handler: (@Sendable (Summons) -> Void)?) { summoned.withLock { $0 = handler } }

    func summon(_ summons: Summons) {
        if let handler = summoned.withLock({ $0 }) { return handler(summons) }
        answer(summons, .nobody)
    }

    func answer(_ summons: Summons, _ answer: Summons.Answer) {
        post(to: summons.loop) { $0.answer(summons, answer) }
    }

    // MARK: Loops

    func join(_ threads: [LoopThread<Links>]) { loops.withLock { $0 = threads } }

    /// Has `work` done on one loop, soon.
    func post(to index: Int, _ work: @escaping LoopThread<Links>.Work) {
        let loop = loops.withLock { $0.indices.contains(index) ? $0[index] : nil }
        loop?.post(work)
    }

    /// Has `work` done on all loops but one, soon.
    func post(except index: Int, _ work: @escaping LoopThread<Links>.Work) {
        let others = loops.withLock { $0 }
        for (number, loop) in others.enumerated() where number != index { loop.post(work) }
    }
}
