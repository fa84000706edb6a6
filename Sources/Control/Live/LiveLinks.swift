package import Faults
package import Proxy

/// Links and faults that change while traffic flows. What it says is done is done on every open connection.
///
/// A change of faults never waits for a change of links, which may look up names; changes of one link wait for each other.
/// Faults that several ask for at once are put in force together.
package actor LiveLinks {
    /// Which hosts beyond this machine may be broken.
    package typealias Allowance = @Sendable (_ address: String) throws -> Void

    let links: LocalLinks
    let clock: LiveClock
    private let allowance: Allowance
    var standing: LiveSet
    /// Of runs that are attached, by owner.
    var taps: [String: HistoryTap] = [:]
    /// Tells this proxy from the one that is started in its place.
    package nonisolated let instance = String(UInt64.random(in: 1...UInt64.max), radix: 36)
    private var alarm: (task: Task<Void, Never>, due: Duration)?
    // The plans that were wanted and those that are in force, counted.
    private var wanted = 0
    private var inForce = 0
    private var isApplying = false
    /// Links whose faults have changed since a plan was put in force: those alone hear of the next.
    private var changed: Set<String> = []
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// Names of links that are being changed, and who waits for them.
    private var changing: [String: [CheckedContinuation<Void, Never>]] = [:]

    /// - Parameters:
    ///   - links: nobody else may steer them.
    ///   - allowance: throws for an upstream that may not be broken.
    package init(
        _ links: LocalLinks, seed: UInt64 = 0, clock: LiveClock = .continuous,
        allowance: @escaping Allowance = { _ in }
    ) {
        self.links = links
        self.clock = clock
        self.allowance = allowance
        standing = LiveSet(seed: seed)
    }

    /// As it stands now.
    package var now: (set: LiveSet, time: Duration) { (standing, clock.now()) }

    /// How far each fault has come, by its number.
    package func progress() async throws -> [Int: LinkWindows.Progress] { try await links.progress() }

    package func inFlight() async throws -> InFlight { try await links.inFlight() }

    /// What links have done so far, by name.
    package func counts(of names: [String]) async throws -> [String: LinkCounts] { try await links.counts(of: names) }

    /// What has become of the wire history's events so far.
    package nonisolated var historyCounts: HistoryCounts { links.historyCounts }

    package func flushHistory() async throws -> HistoryCount { try await links.flushHistory() }

    /// Watches the wire from now on.
    ///
    /// - Returns: `nil` when as many watch as may.
    package nonisolated func watch(_ isWanted: @escaping @Sendable (WireEvent) -> Bool) -> WireWatch? {
        links.watch(isWanted)
    }

    /// Closes all links; nothing can be asked any more.
    package func close() async {
        alarm?.task.cancel()
        await links.close()
    }

    // MARK: Links

    /// - Parameter drafts: faults that the link has from its first connection.
    /// - Throws: `LiveError`, `LinkError`; nothing has changed then.
    @discardableResult
    package func add(_ link: LiveLink, with drafts: [FaultDraft] = []) async throws -> LiveLink {
        try allowance(link.configuration.upstream)
        return try await withTurn(of: link.name) {
            var next = standing
            try next.add(link)
            try next.add(drafts, at: clock.now())
            try standing.add(link)
            do {
                try standing.add(drafts, at: clock.now())
                if !drafts.isEmpty { try await enforce(on: [link.name]) }
                return try await open(link)
            } catch {
                try? standing.removeLink(link.name)
                try await enforce(on: [link.name])
                throw error
            }
        }
    }

    /// Changes where a link listens and leads to, and whether it is open.
    ///
    /// A link that comes to listen elsewhere, or to lead elsewhere, loses its connections, and so does one that is disabled.
    ///
    /// - Throws: `LiveError`, `LinkError`. A link that could not be opened again is disabled then.
    @discardableResult
    package func change(
        _ name: String, _ change: (inout LiveLink) throws -> Void
    ) async throws -> LiveLink {
        try await withTurn(of: name) {
            let former = try standing.link(name)
            var next = former
            try change(&next)
            let isMoved = next.configuration != former.configuration
            if isMoved {
                try allowance(next.configuration.upstream)
                if next.configuration.listen != former.configuration.listen { next.addresses = [] }
            }
            guard isMoved || next.isEnabled != former.isEnabled else { return former }
            if former.isEnabled, next.isEnabled {
                var configuration = next.configuration
                if configuration.listen == former.configuration.listen { configuration.listen = former.openedAs }
                next.addresses = try await links.change(closing: [name], opening: [configuration])[name] ?? []
                next.openedAs = configuration.listen
            } else if former.isEnabled {
                try await links.close([name])
            }
            try standing.replace(next)
            guard next.isEnabled, !former.isEnabled else { return next }
            do {
                return try await open(next)
            } catch {
                next.isEnabled = false
                try? standing.replace(next)
                throw error
            }
        }
    }

    /// Closes a link, with its connections and faults.
    package func remove(_ name: String) async throws {
        try await withTurn(of: name) {
            let link = try standing.link(name)
            if link.isEnabled { try await links.close([name]) }
            try standing.removeLink(name)
            try await enforce(on: [name])
        }
    }

    /// Opens a link that is in the set, if it is enabled. One that had a free port chosen for it gets that again.
    private func open(_ link: LiveLink) async throws -> LiveLink {
        guard link.isEnabled else { return link }
        var configuration = link.configuration
        if configuration.lanes == 1, let address = link.addresses.first { configuration.listen = address }
        var opened = link
        opened.openedAs = configuration.listen
        opened.addresses = try await links.open([configuration])[link.name] ?? []
        try standing.replace(opened)
        return opened
    }

    /// Puts links and faults of one source in the place of those that it named before, all or none. Links that say the same go
    /// on with their connections; where one listens at the same address as before no client is refused.
    ///
    /// - Returns: the links' names by what became of them, and the faults.
    @discardableResult
    package func replaceAll(
        of source: LiveLink.Source, links wanted: [LiveLink], faults drafts: [FaultDraft], seed: UInt64
    ) async throws -> (changes: [(kind: LinkChange, link: LiveLink)], faults: [LiveFault]) {
        for link in wanted { try allowance(link.configuration.upstream) }
        let names = Set(wanted.map(\.name) + standing.links.filter { $0.source == source }.map(\.name)).sorted()
        return try await withTurns(of: names) {
            let former = standing.links.filter { $0.source == source }
            var next = standing
            var changes: [(kind: LinkChange, link: LiveLink)] = []
            var (closing, opening): ([String], [LinkConfiguration]) = ([], [])
            for link in wanted {
                let standing = former.first { $0.name == link.name }
                if let standing, standing.configuration == link.configuration, standing.isEnabled == link.isEnabled {
                    changes.append((.unchanged, standing))
                    continue
                }
                changes.append((standing == nil ? .opened : .replaced, link))
                if standing == nil { try next.add(link) } else { try next.replace(link) }
                if standing?.isEnabled == true { closing.append(link.name) }
                if link.isEnabled { opening.append(link.configuration) }
            }
            let gone = former.filter { link in !wanted.contains { $0.name == link.name } }
            closing += gone.filter(\.isEnabled).map(\.name)
            _ = next.removeFaults { $0.draft.source == source }
            for link in gone { try next.removeLink(link.name) }
            try next.add(drafts, at: clock.now())
            var faults: [LiveFault] = []
            let addresses = try await links.change(closing: closing, opening: opening) {
                // Other links and faults may have changed while names were looked up.
                var next = standing
                _ = next.removeFaults { $0.draft.source == source }
                for link in gone { try next.removeLink(link.name) }
                for (kind, link) in changes where kind == .opened { try next.add(link) }
                for (kind, link) in changes where kind == .replaced { try next.replace(link) }
                next.seed = seed
                faults = try next.add(drafts, at: clock.now())
                standing = next
                // The seed may have changed for all.
                try await enforce(on: next.links.map(\.name) + gone.map(\.name))
            }
            for index in changes.indices {
                guard let found = addresses[changes[index].link.name] else { continue }
                changes[index].link.addresses = found
                try standing.replace(changes[index].link)
            }
            return (changes + gone.map { (.closed, $0) }, faults)
        }
    }

    /// What became of a link when its file was read again.
    package enum LinkChange: String, Sendable { case opened, replaced, unchanged, closed }

    // MARK: Faults

    @discardableResult
    package func add(_ draft: FaultDraft) async throws -> LiveFault {
        heal()
        let fault = try standing.add(draft, at: clock.now())
        try await enforce(on: [fault.link])
        return fault
    }

    /// - Parameter make: makes the fault that takes the place of the present one.
    @discardableResult
    package func change(
        fault number: Int, to make: @Sendable (LiveFault) throws -> FaultDraft
    ) async throws -> LiveFault {
        heal()
        let former = try standing.fault(number)
        let fault = try standing.change(number, to: make(former), at: clock.now())
        try await enforce(on: [former.link, fault.link])
        return fault
    }

    /// - Returns: those that were there.
    @discardableResult
    package func removeFaults(where isGone: @Sendable (LiveFault) -> Bool) async throws -> [LiveFault] {
        heal()
        let gone = standing.removeFaults(where: isGone)
        if !gone.isEmpty { try await enforce(on: gone.map(\.link)) }
        return gone
    }

    // MARK: Leases

    /// Takes a lease, or renews it.
    ///
    /// - Parameter scoping: that of its faults from now on, those that are there among them; `nil` leaves it as it is.
    package func take(
        _ owner: String, for duration: Duration, scoping: Lease.Scoping? = nil
    ) async throws -> Lease {
        heal()
        let lease = try standing.take(owner, for: duration, scoping: scoping, at: clock.now())
        // The links have their own notion of when its faults heal.
        let held = standing.faults.filter { $0.draft.lease == owner }
        if held.isEmpty { setAlarm() } else { try await enforce(on: held.map(\.link)) }
        return lease
    }

    /// Ends a lease, with the faults that are under it.
    @discardableResult
    package func endLease(_ owner: String) async throws -> [LiveFault] {
        heal()
        let gone = try standing.endLease(owner)
        try await enforce(on: gone.map(\.link))
        return gone
    }

    /// Takes away what has run out by now.
    package func sweep() async throws { if heal() { try await enforce() } }

    /// - Returns: whether a fault has run out. The links have healed it themselves.
    @discardableResult
    func heal() -> Bool {
        let gone = standing.expire(at: clock.now())
        changed.formUnion(gone.map(\.link))
        lookAtAttachments()
        return !gone.isEmpty
    }

    /// Has what runs out next taken away in time.
    func setAlarm() {
        guard let due = standing.nextExpiry else { return }
        if let alarm, alarm.due <= due { return }
        alarm?.task.cancel()
        let (pause, sleep) = (max(due - clock.now(), .zero), clock.sleep)
        let task = Task { [weak self] in
            guard (try? await sleep(pause)) != nil else { return }
            await self?.ring()
        }
        alarm = (task, due)
    }

    private func ring() async {
        alarm = nil
        // Links that have ended need no healing.
        if heal() { try? await enforce() } else { setAlarm() }
    }

    // MARK: Carrying out

    /// Puts the set's plan in force, with whatever others have changed meanwhile; over once every connection knows.
    ///
    /// - Parameter names: of the links that are to hear of it.
    func enforce(on names: [String] = []) async throws {
        lookAtAttachments()
        changed.formUnion(names)
        wanted += 1
        let mine = wanted
        setAlarm()
        while inForce < mine {
            if isApplying {
                await withCheckedContinuation { waiting.append($0) }
                continue
            }
            isApplying = true
            let number = wanted
            defer {
                isApplying = false
                let others = waiting
                waiting = []
                for other in others { other.resume() }
            }
            let names = changed
            changed = []
            try await links.apply(standing.plan(at: clock.now()), on: names)
            inForce = number
        }
    }

    /// Changes of one link come one after the other.
    private func withTurn<Value>(of name: String, _ body: () async throws -> Value) async throws -> Value {
        while changing[name] != nil {
            await withCheckedContinuation { changing[name]?.append($0) }
        }
        changing[name] = []
        defer {
            lookAtAttachments()
            let others = changing.removeValue(forKey: name) ?? []
            for other in others { other.resume() }
        }
        return try await body()
    }

    /// - Parameter names: in order, so that two who want the same wait for one another in one direction only.
    private func withTurns<Value>(of names: [String], _ body: () async throws -> Value) async throws -> Value {
        guard let first = names.first else { return try await body() }
        return try await withTurn(of: first) { try await withTurns(of: Array(names.dropFirst()), body) }
    }
}
