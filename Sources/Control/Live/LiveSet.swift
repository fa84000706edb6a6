package import Faults
import Proxy

/// The links and faults that stand, and what heals when. Pure: who owns it says what time it is, by any clock that never goes
/// back, and carries out the plan.
package struct LiveSet: Sendable {
    /// Each decision looks at all windows of its link.
    package static let faultsMax = 1_000
    package static let linksMax = 1_000
    package static let leasesMax = 1_000

    /// In the order of adding.
    package private(set) var links: [LiveLink] = []
    /// In the order of adding, which is that in which they are asked.
    package internal(set) var faults: [LiveFault] = []
    package private(set) var leases: [Lease] = []
    /// Each has a lease of the same owner's.
    package internal(set) var attachments: [Attachment] = []
    package var seed: UInt64
    /// The next fault's.
    package internal(set) var nextNumber = 1

    package init(seed: UInt64 = 0) { self.seed = seed }

    // MARK: Links

    package func link(_ name: String) throws -> LiveLink {
        guard let link = links.first(where: { $0.name == name }) else { throw LiveError.noLink(name) }
        return link
    }

    package mutating func add(_ link: LiveLink) throws {
        guard !links.contains(where: { $0.name == link.name }) else { throw LiveError.linkExists(link.name) }
        guard links.count < Self.linksMax else { throw LiveError.tooMany("links", limit: Self.linksMax) }
        links.append(link)
    }

    /// Puts a link in the place of the one of its name. Its faults stay.
    package mutating func replace(_ link: LiveLink) throws {
        guard let index = links.firstIndex(where: { $0.name == link.name }) else { throw LiveError.noLink(link.name) }
        links[index] = link
    }

    /// Its faults go with it.
    package mutating func removeLink(_ name: String) throws {
        _ = try link(name)
        links.removeAll { $0.name == name }
        faults.removeAll { $0.link == name }
    }

    // MARK: Faults

    package func faults(on link: String) -> [LiveFault] { faults.filter { $0.link == link } }

    package func fault(_ number: Int) throws -> LiveFault {
        guard let fault = faults.first(where: { $0.number == number }) else { throw LiveError.noFault("\(number)") }
        return fault
    }

    @discardableResult
    package mutating func add(_ draft: FaultDraft, at now: Duration) throws -> LiveFault {
        try add([draft], at: now)[0]
    }

    /// Adds all or none. Windows that wait for one another do so by the numbers that they have in their drafts.
    @discardableResult
    package mutating func add(_ drafts: [FaultDraft], at now: Duration) throws -> [LiveFault] {
        guard faults.count + drafts.count <= Self.faultsMax else {
            throw LiveError.tooMany("faults", limit: Self.faultsMax)
        }
        var added: [LiveFault] = []
        for (index, draft) in drafts.enumerated() {
            try check(draft, beside: added)
            var draft = try scoped(draft)
            draft.window = draft.window?.renumbered(by: nextNumber + index - (draft.window?.id ?? 0))
            added.append(
                LiveFault(
                    number: nextNumber + index, draft: draft, since: now, expires: draft.lasting.map { now + $0 }))
        }
        faults += added
        nextNumber += drafts.count
        return added
    }

    private func check(_ draft: FaultDraft, beside others: [LiveFault], inPlaceOf number: Int? = nil) throws {
        let link = try link(draft.link)
        let isTaken = (faults + others).contains {
            $0.link == link.name && $0.name == draft.name && $0.number != number
        }
        if let name = draft.name, isTaken {
            throw LiveError.faultExists(name, link: link.name)
        }
        if let lease = draft.lease, !leases.contains(where: { $0.owner == lease }) { throw LiveError.noLease(lease) }
    }

    /// A fault under a lease with a scope strikes nothing outside it.
    private func scoped(_ draft: FaultDraft) throws -> FaultDraft {
        guard let window = draft.window, let lease = leases.first(where: { $0.owner == draft.lease }),
            let scope = lease.scoping?.scope
        else { return draft }
        let kind = type(of: window.fault)
        if let why = scope.uselessness(of: kind, on: try link(draft.link).configuration.traits) {
            throw LiveError.notScoped(kind.kind, link: draft.link, lease: lease.owner, why: why)
        }
        var draft = draft
        draft.window = window.scoped(to: scope)
        return draft
    }

    /// Puts another fault in the place of one, under the same number. What it counts begins anew if it strikes something else.
    @discardableResult
    package mutating func change(
        _ number: Int, to draft: FaultDraft, at now: Duration
    ) throws -> LiveFault {
        guard let index = faults.firstIndex(where: { $0.number == number }) else {
            throw LiveError.noFault("\(number)")
        }
        try check(draft, beside: [], inPlaceOf: number)
        var draft = try scoped(draft)
        draft.window = draft.window?.renumbered(by: number - (draft.window?.id ?? 0))
        let changed = LiveFault(
            number: number, draft: draft, since: now, expires: draft.lasting.map { now + $0 })
        faults[index] = changed
        return changed
    }

    /// - Returns: those that were there.
    @discardableResult
    package mutating func removeFaults(where isGone: (LiveFault) -> Bool) -> [LiveFault] {
        let gone = faults.filter(isGone)
        faults.removeAll(where: isGone)
        return gone
    }

    // MARK: Leases

    /// Takes a lease, or renews it.
    ///
    /// - Parameter scoping: that of its faults from now on, those that are there among them; `nil` leaves it as it is.
    package mutating func take(
        _ owner: String, for duration: Duration, scoping: Lease.Scoping? = nil, at now: Duration
    ) throws -> Lease {
        var next = self
        var lease = Lease(owner: owner, expires: now + duration, scoping: scoping)
        if let index = leases.firstIndex(where: { $0.owner == owner }) {
            if scoping == nil { lease.scoping = leases[index].scoping }
            next.leases[index] = lease
        } else {
            guard leases.count < Self.leasesMax else { throw LiveError.tooMany("leases", limit: Self.leasesMax) }
            next.leases.append(lease)
        }
        if scoping != nil {
            for index in faults.indices where faults[index].draft.lease == owner {
                next.faults[index].draft = try next.scoped(faults[index].draft)
            }
        }
        self = next
        return lease
    }

    /// Ends a lease, with the faults that are under it.
    package mutating func endLease(_ owner: String) throws -> [LiveFault] {
        guard leases.contains(where: { $0.owner == owner }) else { throw LiveError.noLease(owner) }
        leases.removeAll { $0.owner == owner }
        attachments.removeAll { $0.owner == owner }
        return removeFaults { $0.draft.lease == owner }
    }

    /// When a fault heals of itself; `nil` where it does not.
    package func end(of fault: LiveFault) -> Duration? {
        let lease = fault.draft.lease.flatMap { owner in leases.first { $0.owner == owner }?.expires }
        return [fault.expires, lease].compactMap { $0 }.min()
    }

    /// When next a fault heals or a lease ends.
    package var nextExpiry: Duration? { (faults.compactMap(\.expires) + leases.map(\.expires)).min() }

    /// Takes away what has run out.
    ///
    /// - Returns: the faults among that.
    package mutating func expire(at now: Duration) -> [LiveFault] {
        let over = Set(faults.filter { fault in end(of: fault).map { $0 <= now } ?? false }.map(\.number))
        let gone = over.isEmpty ? [] : removeFaults { over.contains($0.number) }
        attachments.removeAll { attachment in leases.contains { $0.owner == attachment.owner && $0.expires <= now } }
        leases.removeAll { $0.expires <= now }
        return gone
    }

    // MARK: Plan

    /// What is in force when it is put in force now. A fault that heals of itself does so in the links too, whoever is late.
    package func plan(at now: Duration) -> Plan {
        Plan(
            windows: faults.compactMap { fault in
                fault.draft.window?.resumed(
                    after: now - fault.since, until: end(of: fault).map { $0 - fault.since })
            }, seed: seed)
    }
}
