import Faults
import Reactor

/// All links of one loop, and the plan in force. Lives on the loop's thread.
final class Links: EventSource {
    let loop: EventLoop
    let history: HistoryWriter?
    var pipes = PipePool()
    private var links: [String: Link] = [:]
    private var plan = Plan()
    private var planStart: Nanoseconds
    private var planNumber = 0
    /// Whether any window of the plan waits for another.
    private var anyWaits = false
    private let start: Nanoseconds

    init(loop: EventLoop, history: HistoryWriter?) {
        self.loop = loop
        self.history = history
        start = history?.start ?? loop.now
        planStart = loop.now
    }

    /// Time since the plan was put in force.
    var elapsed: Duration { .nanoseconds((loop.now - planStart).rawValue) }

    /// Nanoseconds since the history began.
    var historyTime: Int64 { (loop.now - start).rawValue }

    /// - Returns: where each link listens, one address a lane.
    func open(_ prepared: [PreparedLink]) throws -> [String: [String]] {
        var opened: [Link] = []
        do {
            for item in prepared {
                let name = item.configuration.name
                guard links[name] == nil, !opened.contains(where: { $0.name == name }) else {
                    throw LinkError(link: name, what: "there is another link of this name", mend: "name links apart")
                }
                opened.append(try Link(item, links: self))
            }
        } catch {
            for link in opened { link.close() }
            throw error
        }
        for link in opened {
            links[link.name] = link
            link.follow(plan, after: .zero)
        }
        return Dictionary(uniqueKeysWithValues: opened.map { ($0.name, $0.addresses) })
    }

    func apply(_ plan: Plan) {
        let former = elapsed
        self.plan = plan
        anyWaits = plan.windows.contains {
            if case .after = $0.opening { true } else { false }
        }
        // The loop's own time, with which `elapsed` is reckoned: the plan's first windows are open at once.
        planStart = loop.now
        planNumber += 1
        for link in links.values { link.follow(plan, after: former) }
        // A window that stays from plan to plan may have struck as often as a new one waits for.
        for strikes in links.values.map({ $0.windows.strikes }) {
            for (window, count) in strikes where count > 0 { struck(window, count: count) }
        }
        setTimer(after: .zero - .nanoseconds(1))
    }

    /// A window has struck, so often by now: windows that wait for that open at once, on whichever link.
    func struck(_ window: Int, count: Int) {
        guard anyWaits else { return }
        var anyOpened = false
        for link in links.values where link.trigger(after: window, strikes: count) { anyOpened = true }
        if anyOpened { setTimer(after: elapsed) }
    }

    override func timerFired(tag: Int) {
        guard tag == planNumber else { return }
        for link in links.values { link.windowsChanged() }
        setTimer(after: elapsed)
    }

    private func setTimer(after time: Duration) {
        guard let edge = links.values.compactMap({ $0.windows.nextEdge(after: time) }).min() else { return }
        loop.setTimer(planStart + Nanoseconds(edge), source: self, tag: planNumber)
    }

    var progress: [Int: LinkWindows.Progress] {
        links.values.reduce(into: [:]) { $0.merge($1.windows.progress(at: elapsed)) { first, _ in first } }
    }

    var inFlight: InFlight {
        links.values.reduce(into: InFlight()) { $1.count(into: &$0) }
    }

    func close() {
        for link in links.values { link.close() }
        links = [:]
        planNumber += 1
        pipes.closeAll()
    }
}
