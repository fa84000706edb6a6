package import Wire

/// What a plan means for one link: its windows, when each opened, and how often each has been asked and has struck.
///
/// Pure: whoever owns it says what time it is, and tells it of strikes elsewhere that its windows may wait for.
package struct LinkWindows: Sendable {
    /// How far a window has come.
    package struct Progress: Hashable, Sendable {
        /// Messages that its selector matched while it was open; connections, or listening sockets, where it counts those.
        package var matched = 0
        package var struck = 0
        /// Messages that it was to strike and could not, since their bodies were too long or of another kind.
        package var notApplied = 0
        /// Whether its strikes break anything.
        package var isDamage = true
        /// When it opened, from when the plan was put in force; `nil` while it has not.
        package var opened: Duration?
        /// When it closed of itself.
        package var closed: Duration?

        package init(
            matched: Int = 0, struck: Int = 0, notApplied: Int = 0, isDamage: Bool = true, opened: Duration? = nil,
            closed: Duration? = nil
        ) {
            self.matched = matched
            self.struck = struck
            self.notApplied = notApplied
            self.isDamage = isDamage
            self.opened = opened
            self.closed = closed
        }
    }

    private var entries: [Entry] = []
    /// How often windows that are gone have struck, by their fault's kind.
    private var bygone: [String: Int] = [:]
    private let seed: UInt64
    private let link: String
    /// A link that has seen so many calls starts to forget, and repeats itself rather than growing.
    private static let callsMax = 1_000_000

    package init(link: String, seed: UInt64 = 0) {
        self.link = link
        self.seed = seed
    }

    /// The windows of `plan` for this link. A window that stood in the former plan goes on counting, unless it strikes
    /// something else now; one that waited for another and has opened stays open as long as it would have.
    ///
    /// - Parameter elapsed: how long the former plan was in force.
    package func replaced(by plan: Plan, at elapsed: Duration = .zero) -> LinkWindows {
        var next = LinkWindows(link: link, seed: plan.seed)
        var goingOn: Set<Int> = []
        next.entries = plan.windows.filter { $0.link == link }.map { window in
            var entry = Entry(window)
            guard let index = entries.firstIndex(where: { $0.window.strikesAlike(window) }) else { return entry }
            goingOn.insert(index)
            let former = entries[index]
            (entry.matched, entry.struck, entry.chosen) = (former.matched, former.struck, former.chosen)
            entry.notApplied = former.notApplied
            entry.memory = former.memory.rebased(by: elapsed)
            (entry.asked, entry.attempts, entry.admitted) = (former.asked, former.attempts, former.admitted)
            if former.window.opening == window.opening { entry.triggered = former.triggered.map { $0 - elapsed } }
            return entry
        }
        next.bygone = bygone
        for (index, gone) in entries.enumerated() where gone.struck > 0 && !goingOn.contains(index) {
            next.bygone[gone.kind, default: 0] += gone.struck
        }
        return next
    }

    package var windows: [Window] { entries.map(\.window) }

    /// Those of the windows that a plan put in the place of a former one does not go on with, though another may have their
    /// number.
    package static func replaced(_ former: [Window], by present: [Window]) -> [Int] {
        former.filter { window in !present.contains { $0.strikesAlike(window) } }.map(\.id)
    }

    /// How far each window has come, by its id.
    package func progress(at elapsed: Duration) -> [Int: Progress] {
        let pairs = entries.map { entry in
            let opened = entry.opens.flatMap { $0 <= elapsed ? $0 : nil }
            let closed = opened == nil ? nil : entry.closes.flatMap { $0 <= elapsed ? $0 : nil }
            return (
                entry.window.id,
                Progress(
                    matched: entry.matched, struck: entry.struck, notApplied: entry.notApplied,
                    isDamage: type(of: entry.window.fault).isDamage, opened: opened, closed: closed)
            )
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    /// How often the windows of this link have struck, by id.
    package var strikes: [(window: Int, count: Int)] { entries.map { ($0.window.id, $0.struck) } }

    /// How often windows have struck by their fault's kind, those that are gone as well; 0 for a kind that has yet to strike.
    package var strikesByKind: [String: Int] {
        entries.reduce(into: bygone) { $0[$1.kind, default: 0] += $1.struck }
    }

    package func strikes(of id: Int) -> Int { entries.first { $0.window.id == id }?.struck ?? 0 }

    /// Whether the window is there and open.
    package func isOpen(_ id: Int, at elapsed: Duration) -> Bool {
        entries.contains { $0.window.id == id && $0.isOpen(at: elapsed) }
    }

    /// Whether any window that strikes messages is open.
    package func hasOpenWindow(at elapsed: Duration) -> Bool {
        entries.contains { $0.seesMessages && $0.isOpen(at: elapsed) }
    }

    /// Whether an open window may strike this message, or would if it knew more of its call.
    package func mayStrike(_ message: Message, at elapsed: Duration) -> Bool {
        entries.contains {
            $0.seesMessages && $0.isOpen(at: elapsed)
                && $0.window.selector.matches(message)
        }
    }

    /// What open windows look at of messages.
    package func interest(at elapsed: Duration) -> Interest {
        entries.reduce(into: []) { sum, entry in
            if entry.isOpen(at: elapsed) { sum.formUnion(Interest(entry.window.selector)) }
        }
    }

    /// Whether an open window changes bodies.
    package func rewritesBodies(at elapsed: Duration) -> Bool {
        entries.contains { type(of: $0.window.fault).rewritesBodies && $0.isOpen(at: elapsed) }
    }

    /// When next a window opens or closes, or turns within, as far as that is known.
    package func nextEdge(after elapsed: Duration) -> Duration? {
        entries.compactMap { $0.nextEdge(after: elapsed) }.min()
    }

    /// Opens the windows that wait for another to have struck so often.
    ///
    /// - Parameters:
    ///   - id: the window that struck, on any link.
    ///   - count: how often it has by now.
    /// - Returns: whether any opened.
    package mutating func trigger(after id: Int, strikes count: Int, at elapsed: Duration) -> Bool {
        var anyOpened = false
        for index in entries.indices where entries[index].triggered == nil {
            guard case .after(window: id, let strikes) = entries[index].window.opening, strikes <= count else {
                continue
            }
            entries[index].triggered = elapsed
            anyOpened = true
        }
        return anyOpened
    }

    /// Counts a strike that took effect only after the window had been asked.
    package mutating func confirm(_ id: Int, count: Int = 1) {
        for index in entries.indices where entries[index].window.id == id { entries[index].struck += count }
    }

    /// Counts a message that the window was to strike and could not.
    package mutating func decline(_ id: Int) {
        for index in entries.indices where entries[index].window.id == id { entries[index].notApplied += 1 }
    }

    /// How many calls and connections are remembered, over all windows.
    package var remembered: Int {
        entries.reduce(0) { $0 + $1.asked.count + $1.attempts.count + $1.admitted.count }
    }

    // MARK: Listeners

    /// The windows that have listening sockets refuse now, and whether open connections are reset when they begin to.
    package func refusing(at elapsed: Duration) -> [(window: Int, resetsConnections: Bool)] {
        entries.filter { $0.isRefusing(at: elapsed) }
            .map { ($0.window.id, $0.window.fault.outage.resetsConnections) }
    }

    /// Counts listening sockets that were struck.
    package mutating func strikeListeners(_ count: Int, window id: Int) {
        for index in entries.indices where entries[index].window.id == id {
            entries[index].matched += count
            entries[index].struck += count
        }
    }

    // MARK: Connections

    /// Whether any window is open that must be asked about each connection.
    package func countsConnections(at elapsed: Duration) -> Bool {
        entries.contains { $0.countsConnections && $0.isOpen(at: elapsed) }
    }

    /// What shall happen to a connection, by the open windows that have not been asked about it yet. To be called for each
    /// connection in the order of accepting: when it is accepted, and for those that are open when a window opens.
    package mutating func admit(_ connection: ConnectionInSight, at elapsed: Duration) -> [(
        window: Int, intent: ConnectionIntent
    )] {
        var intents: [(window: Int, intent: ConnectionIntent)] = []
        // No copy of an entry may live here: its dictionaries would be copied with the first change.
        for index in entries.indices {
            guard entries[index].countsConnections, entries[index].isOpen(at: elapsed),
                entries[index].admitted[connection.number] == nil
            else { continue }
            let window = entries[index].window
            // Whose it is may yet turn out by what passes on it.
            if let scope = window.selector.scope, !scope.contains(port: connection.port) { continue }
            entries[index].matched += 1
            var random = SeededRandom(seed: hash(index, UInt64(connection.number)).value)
            var isChosen = isChosen(index, nil, call: 0, &random)
            if isChosen, entries[index].target == .connections {
                var seen = connection
                seen.direction = window.selector.direction
                let intent = window.fault.act(on: seen, random: &random)
                if let intent { intents.append((window.id, intent)) }
                isChosen = intent != nil
            }
            entries[index].admitted[connection.number] = isChosen
            if isChosen { entries[index].chosen += 1 }
        }
        return intents
    }

    /// Whether a window that chooses connections chose this one. A window that another's strike opened may meet messages of a
    /// connection before it was asked about it; then it is asked now.
    private mutating func isAdmitted(_ index: Int, _ connection: Int) -> Bool {
        if let isChosen = entries[index].admitted[connection] { return isChosen }
        entries[index].matched += 1
        var random = SeededRandom(seed: hash(index, UInt64(connection)).value)
        let isChosen = isChosen(index, nil, call: 0, &random)
        entries[index].admitted[connection] = isChosen
        if isChosen { entries[index].chosen += 1 }
        return isChosen
    }

    /// A connection is gone. Numbers are never given again, so nothing of it is kept.
    package mutating func dismiss(_ connection: Int) {
        for index in entries.indices {
            entries[index].admitted[connection] = nil
            entries[index].asked[UInt64(connection)] = nil
            entries[index].attempts[UInt64(connection)] = nil
        }
    }

    // MARK: Messages

    /// What shall happen to a message. Windows are asked in order; the first that ends it is the last to be asked.
    ///
    /// - Parameters:
    ///   - call: which call the message belongs to, the same for each attempt and on every run: its operation and key, or,
    ///     where the protocol knows neither, the number of its connection.
    ///   - connection: the number of its connection.
    package mutating func decide(
        _ message: Message, call: UInt64, connection: Int = 0, at elapsed: Duration
    ) -> Decision {
        var decision = Decision()
        for index in entries.indices {
            let window = entries[index].window
            guard entries[index].seesMessages, entries[index].isOpen(at: elapsed),
                window.selector.matches(message)
            else { continue }
            let attempt = window.selector.retriesOnly ? attempt(index, message, call) : nil
            if let attempt, attempt < 2 { continue }
            if window.selector.per == .connection {
                guard isAdmitted(index, connection) else { continue }
            } else {
                entries[index].matched += 1
            }
            let stream = randomStream(index, call)
            var random = stream
            let intent =
                window.selector.per == .connection
                    || isChosen(index, message, call: call, attempt: attempt, &random)
                ? intent(index, message, at: elapsed, &random) : nil
            // What chance was not asked about needs no memory of it.
            if random != stream { count(index, call) }
            guard let intent, !(message.isRefusedAnyway && intent.isRefusal) else { continue }
            if window.selector.per == .message, !intent.isOnlyTold { entries[index].chosen += 1 }
            if intent.isCertain { entries[index].struck += 1 }
            decision.add(intent, window: window.id)
            if decision.isFinal { break }
        }
        return decision
    }

    private mutating func intent(
        _ index: Int, _ message: Message, at elapsed: Duration, _ random: inout SeededRandom
    ) -> Intent? {
        let window = entries[index].window
        if let stage = window.process?.stage { return .summon(holds: stage.holds) }
        return window.fault.act(on: message, memory: &entries[index].memory, at: elapsed, random: &random)
    }

    /// - Parameters:
    ///   - message: `nil` when it is a connection that is asked about.
    ///   - attempt: which of its call it is, where that was counted already.
    private mutating func isChosen(
        _ index: Int, _ message: Message?, call: UInt64, attempt: Int? = nil, _ random: inout SeededRandom
    ) -> Bool {
        let selector = entries[index].window.selector
        let count = entries[index].matched - (selector.after ?? 0)
        guard count > 0 else { return false }
        if let nth = selector.nth, count != nth { return false }
        if let first = selector.first, count > first { return false }
        if let every = selector.every, count % every != 0 { return false }
        if let first = selector.firstPerCall, let message,
            attempt ?? self.attempt(index, message, call) > first
        {
            return false
        }
        if let probability = selector.probability, random.unit() >= probability { return false }
        return selector.atMost.map { entries[index].chosen < $0 } ?? true
    }

    /// Which attempt of its call the message belongs to, from 1. Where a window strikes both directions, an answer belongs
    /// to the attempt that its request began.
    private mutating func attempt(_ index: Int, _ message: Message, _ call: UInt64) -> Int {
        if entries[index].attempts.count > Self.callsMax { entries[index].attempts.removeAll() }
        if entries[index].window.selector.direction != nil || message.direction == .request {
            entries[index].attempts[call, default: 0] += 1
        }
        return entries[index].attempts[call, default: 1]
    }

    private func randomStream(_ index: Int, _ call: UInt64) -> SeededRandom {
        var hash = hash(index, call)
        hash.mix(entries[index].asked[call, default: 0])
        return SeededRandom(seed: hash.value)
    }

    private mutating func count(_ index: Int, _ call: UInt64) {
        if entries[index].asked.count > Self.callsMax { entries[index].asked.removeAll() }
        entries[index].asked[call, default: 0] += 1
    }

    /// The seed of what a window draws for the bytes that pass on a connection in one direction: which bits are flipped,
    /// how long pieces are. The same for the nth connection on every run.
    package func seed(of window: Int, connection: Int, direction: Direction) -> UInt64 {
        var hash = hash(of: entries.first { $0.window.id == window }?.window.draws, else: window)
        hash.mix(direction.rawValue)
        hash.mix(UInt64(connection))
        return hash.value
    }

    /// What tells a window's decisions about a call, or about a connection, from all others.
    private func hash(_ index: Int, _ subject: UInt64) -> StableHash {
        var hash = hash(of: entries[index].window.draws, else: entries[index].window.id)
        hash.mix(subject)
        return hash
    }

    private func hash(of draws: Window.Draws?, else id: Int) -> StableHash {
        var hash = StableHash()
        hash.mix(draws?.seed ?? seed)
        hash.mix(link)
        hash.mix(UInt64(draws?.id ?? id))
        return hash
    }
}
