import Faults
import Proxy

/// Runs elsewhere that have links to themselves for a time.
extension LiveLinks {
    /// What an attached run is told of its links. Times are nanoseconds of the history.
    struct AttachmentState: Sendable {
        var attachment: Attachment
        var links: [LiveLink]
        /// Until its lease runs out.
        var remaining: Duration
        var time: Int64
        var inFlight: InFlight
        /// By the number in the run's plan, and from when the window's times count.
        var progress: [Int: (progress: LinkWindows.Progress, since: Int64)]
    }

    /// Gives links to a run.
    func attach(_ owner: String, to links: [String], for duration: Duration) async throws -> AttachmentState {
        heal()
        _ = try standing.attach(owner, to: links, for: duration, at: clock.now())
        setAlarm()
        return try await state(of: owner)
    }

    /// Renews its lease where it shall be.
    func state(of owner: String, renewedFor duration: Duration? = nil) async throws -> AttachmentState {
        heal()
        _ = try standing.attachment(of: owner)
        if let duration { _ = try await take(owner, for: duration) }
        let links = Set(try standing.attachment(of: owner).links)
        let inFlight = try await self.links.inFlight(on: links)
        let progress = try await self.links.progress(on: links)
        let time = try await self.links.now()
        // As it is by now: somebody may have changed something meanwhile.
        let attachment = try standing.attachment(of: owner)
        let lease = standing.leases.first { $0.owner == owner }
        let planned = attachment.numbers.compactMap { number, id in progress[number].map { (id, $0) } }
        return AttachmentState(
            attachment: attachment, links: try attachment.links.map { try standing.link($0) },
            remaining: max((lease?.expires ?? clock.now()) - clock.now(), .zero), time: time, inFlight: inFlight,
            progress: Dictionary(uniqueKeysWithValues: planned))
    }

    /// Puts a run's plan in force, in the place of the one that it had.
    ///
    /// - Returns: the history's time when it came into force, or a moment before.
    func replacePlan(of owner: String, by windows: [Window], seed: UInt64) async throws -> Int64 {
        let time = try await links.now()
        heal()
        let former = standing.faults.filter { $0.draft.lease == owner }
        let names = try standing.replacePlan(of: owner, by: windows, seed: seed, at: clock.now())
        // Before the first of them can strike.
        taps[owner]?.name(names)
        try await enforce(on: former.map(\.link) + windows.map(\.link))
        return time
    }

    /// Tells a run the history of its links, from the first mark on. One at a time.
    func tap(_ owner: String) async throws -> HistoryTap {
        heal()
        let attachment = try standing.attachment(of: owner)
        guard taps[owner] == nil else { throw APIError(409, "the history of '\(owner)' is told to somebody already") }
        guard let tap = links.tap(links: Set(attachment.links)) else {
            throw APIError(503, "the history is told to as many as may be; end one of them")
        }
        tap.name(attachment.numbers)
        taps[owner] = tap
        try await links.mark(tap, number: 0)
        return tap
    }

    /// Marks the place in the history that a run is told before which there is everything that happened so far.
    func mark(_ owner: String, number: Int) async throws {
        heal()
        _ = try standing.attachment(of: owner)
        guard let tap = taps[owner] else { throw APIError(409, "the history of '\(owner)' is told to nobody") }
        try await links.mark(tap, number: number)
    }

    /// Ends an attachment, and heals the run's faults.
    func detach(_ owner: String) async throws {
        heal()
        _ = try standing.attachment(of: owner)
        try await endLease(owner)
    }

    /// Notes what others did to the links of runs, and ends what is told to those that are gone.
    func lookAtAttachments() {
        standing.lookAtAttachments()
        for (owner, tap) in taps where !standing.attachments.contains(where: { $0.owner == owner }) {
            tap.stop()
            taps[owner] = nil
        }
    }
}
