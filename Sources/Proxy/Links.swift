import Faults
import Reactor

/// All links of one loop. Lives on the loop's thread; what it has in common with other loops is on the board.
final class Links: EventSource {
    let loop: EventLoop
    let history: HistoryWriter?
    var pipes = PipePool()
    let board: LinkBoard
    /// Which of the board's loops this is, from 0.
    let index: Int
    private var links: [String: Link] = [:]
    /// Of every link that there has been, so that what it counts goes on.
    private var counters: [String: LinkCounter] = [:]
    /// The plan in force, as this loop knows it.
    private var standing: LinkBoard.Standing
    /// Connections that wait for a descriptor to their upstream.
    private var starved: [Connection] = []
    private static let starvedPause = Nanoseconds(.milliseconds(50))
    private static let starvedTag = -1

    init(loop: EventLoop, index: Int, board: LinkBoard, history: HistoryWriter?) {
        self.loop = loop
        self.index = index
        self.board = board
        self.history = history
        standing = board.standing
    }

    /// Nanoseconds since the history began.
    var historyTime: Int64 { (loop.now - board.start).rawValue }

    /// Closes links and opens others, in one go: what listened for one of the closed may listen for one of the opened.
    func change(closing: [String], opening: [OpenedLink]) {
        for name in closing { links.removeValue(forKey: name)?.close() }
        let opened = opening.map { Link($0, links: self) }
        for link in opened { links[link.name] = link }
        for link in opened { link.windowsChanged() }
        setTimer()
    }

    // MARK: Descriptors

    /// Whether a connection waits for a descriptor.
    var isStarved: Bool { !starved.isEmpty }

    /// A connection was accepted, and there was no descriptor left for its upstream: it dials again in a while.
    func starve(_ connection: Connection) {
        starved.append(connection)
        if starved.count == 1 { loop.setTimer(loop.now + Self.starvedPause, source: self, tag: Self.starvedTag) }
    }

    /// An upstream's name has been looked up.
    func found(_ addresses: Result<[SocketAddress], any Error>, of prepared: PreparedLink) {
        // The link may have been closed, or lead elsewhere by now.
        guard let link = links[prepared.configuration.name], link.prepared.upstream == prepared.upstream else { return }
        link.found(addresses)
    }

    private func feed() {
        let waiting = starved
        starved = []
        for connection in waiting { connection.dial() }
    }

    // MARK: Windows

    /// Puts a plan in force for all loops, and on this one at once. The others have to take notice (`planChanged`).
    ///
    /// - Parameter names: of the links that it means; `nil` for all. On others their windows go on.
    func apply(_ plan: Plan, on names: Set<String>?) {
        // The loop's own time, with which links reckon: the plan's first windows are open at once.
        board.replace(by: plan, at: loop.now, on: names)
        planChanged(on: names)
        // A window that stays from plan to plan may have struck as often as a new one waits for.
        guard standing.anyWaits else { return }
        for windows in links.values.map(\.windows) {
            for (window, count) in windows.strikes where count > 0 { struck(window, of: windows) }
        }
    }

    func answer(_ summons: Summons, _ answer: Summons.Answer) { links[summons.link]?.answer(summons, answer) }

    func planChanged(on names: Set<String>?) {
        standing = board.standing
        for link in names?.compactMap({ links[$0] }) ?? Array(links.values) { link.windowsChanged() }
        setTimer()
    }

    /// A window has struck: windows that wait for that open at once, on whichever link, and soon on the other loops.
    func struck(_ window: Int, of windows: SharedWindows) {
        guard standing.anyWaits else { return }
        let count = windows.strikes(of: window)
        let opened = links.values.filter { $0.trigger(after: window, strikes: count) }.map(\.name)
        guard !opened.isEmpty else { return }
        // Connections hear of it soon: one of them may be in the middle of the message that did this.
        loop.setTimer(loop.now, source: self, tag: standing.number)
        board.post(except: index) { $0.windowsOpened(on: opened) }
    }

    /// Windows have opened on another loop.
    private func windowsOpened(on names: [String]) {
        for name in names { links[name]?.windowsChanged() }
        setTimer()
    }

    override func timerFired(tag: Int) {
        if tag == Self.starvedTag { return feed() }
        guard tag == standing.number else { return }
        attendDue()
        setTimer()
    }

    /// Has links take notice of windows that have opened or closed of themselves.
    private func attendDue() {
        let now = loop.now
        for link in links.values where link.nextEdge <= now { link.windowsChanged() }
    }

    private func setTimer() {
        guard let edge = links.values.lazy.map(\.nextEdge).min(), edge != .never else { return }
        loop.setTimer(edge, source: self, tag: standing.number)
    }

    /// What it says of windows is done: one that is told to be over holds nothing any more.
    var progress: [Int: LinkWindows.Progress] {
        let now = loop.now
        attendDue()
        return links.values.reduce(into: [:]) { sum, link in
            sum.merge(link.windows.access(at: now) { $0.progress(at: $1) }) { first, _ in first }
        }
    }

    /// How far each window of some links has come, and from when its times count, in nanoseconds of the history.
    func progress(on names: Set<String>) -> [Int: (progress: LinkWindows.Progress, since: Int64)] {
        let now = loop.now
        var sum: [Int: (progress: LinkWindows.Progress, since: Int64)] = [:]
        for link in links.values where names.contains(link.name) {
            link.windowsChanged()
            let (progress, start) = link.windows.progress(at: now)
            for (id, progress) in progress { sum[id] = (progress, (start - board.start).rawValue) }
        }
        return sum
    }

    /// - Parameter names: of links; nil: of all.
    func inFlight(on names: Set<String>? = nil) -> InFlight {
        links.values.reduce(into: InFlight()) { if names?.contains($1.name) ?? true { $1.count(into: &$0) } }
    }

    func counter(of link: String) -> LinkCounter {
        if let counter = counters[link] { return counter }
        let counter = LinkCounter()
        counters[link] = counter
        return counter
    }

    /// What links count on this loop, as far as there are or were any of these names.
    func counts(of names: [String]) -> [(name: String, counts: LinkCounts)] {
        names.compactMap { name in
            guard let counts = links[name]?.counts ?? counters[name]?.counts(open: 0) else { return nil }
            return (name, counts)
        }
    }

    func close() {
        for link in links.values { link.close() }
        links = [:]
        standing.number += 1
        pipes.closeAll()
    }
}
