package import Faults
import Stores

/// A run elsewhere that has links of a standing proxy to itself, for as long as its lease. Others may change them even so: that is
/// noted.
package struct Attachment: Sendable {
    package let owner: String
    package let links: [String]
    /// What others did to its links and faults, in words.
    package private(set) var disturbances: [String] = []
    /// Its links, as far as it was told of them.
    private var known: [LiveLink]
    /// Of the faults of its plan.
    fileprivate(set) var numbers: [Int: Int] = [:]
    private static let disturbancesMax = 20

    fileprivate init(owner: String, links: [LiveLink]) {
        self.owner = owner
        self.links = links.map(\.name)
        known = links
    }

    fileprivate mutating func look(at set: LiveSet) {
        for index in known.indices {
            let name = known[index].name
            guard let link = set.links.first(where: { $0.name == name }) else {
                note("somebody has deleted the link '\(name)'")
                continue
            }
            guard link != known[index] else { continue }
            note("somebody has \(Self.change(from: known[index], to: link)) the link '\(name)'")
            known[index] = link
        }
        for fault in set.faults where fault.draft.planned == nil && fault.draft.window != nil {
            if numbers[fault.number] != nil {
                note("somebody has put another fault in the place of the run's: \(fault.number) (\(fault.title))")
            } else if links.contains(fault.link) {
                note("somebody has injected a fault on the link '\(fault.link)': \(fault.number) (\(fault.title))")
            }
        }
        if set.leases.contains(where: { $0.owner == owner && $0.scoping != nil }) {
            note("somebody has given the run's faults a scope, outside which they strike nothing")
        }
        let present = Set(set.faults.map(\.number))
        for (number, id) in numbers where !present.contains(number) {
            note("somebody has healed the run's fault \(id), which was number \(number)")
        }
    }

    private static func change(from former: LiveLink, to link: LiveLink) -> String {
        if former.isEnabled != link.isEnabled { return link.isEnabled ? "enabled" : "disabled" }
        return "changed"
    }

    private mutating func note(_ words: String) {
        if disturbances.count < Self.disturbancesMax, !disturbances.contains(words) { disturbances.append(words) }
    }
}

extension LiveSet {
    package static let attachmentsMax = 8

    func attachment(of owner: String) throws -> Attachment {
        guard let attachment = attachments.first(where: { $0.owner == owner }) else {
            throw LiveError.noAttachment(owner)
        }
        return attachment
    }

    /// Gives links to a run, under a lease that it takes.
    ///
    /// - Throws: `LiveError`, where a link is not there or not open, another run has it, or a fault is in force on it.
    package mutating func attach(
        _ owner: String, to names: [String], for duration: Duration, at now: Duration
    ) throws -> Attachment {
        guard !leases.contains(where: { $0.owner == owner }) else { throw LiveError.leaseExists(owner) }
        let links = try names.map { name in
            let link = try link(name)
            guard link.isEnabled else { throw LiveError.disabled(name) }
            if let other = attachments.first(where: { $0.links.contains(name) }) {
                throw LiveError.attached(link: name, owner: other.owner)
            }
            if let fault = faults(on: name).first(where: { $0.draft.window != nil }) {
                throw LiveError.notQuiet(link: name, fault: "\(fault.number) (\(fault.title))")
            }
            return link
        }
        guard attachments.count < Self.attachmentsMax else {
            throw LiveError.tooMany("runs attached", limit: Self.attachmentsMax)
        }
        _ = try take(owner, for: duration, at: now)
        let attachment = Attachment(owner: owner, links: links)
        attachments.append(attachment)
        return attachment
    }

    /// Puts a plan in the place of the one that a run had. A window that strikes the same under the same number goes on counting.
    ///
    /// - Parameter windows: numbered as the run numbers them.
    /// - Returns: the numbers of the windows in the run's plan, by those of the faults here.
    package mutating func replacePlan(
        of owner: String, by windows: [Window], seed: UInt64, at now: Duration
    ) throws -> [Int: Int] {
        guard let index = attachments.firstIndex(where: { $0.owner == owner }) else {
            throw LiveError.noAttachment(owner)
        }
        let former = faults.filter { $0.draft.planned != nil && $0.draft.lease == owner }
        guard faults.count - former.count + windows.count <= Self.faultsMax else {
            throw LiveError.tooMany("faults", limit: Self.faultsMax)
        }
        var next = nextNumber
        var numbers: [Int: Int] = [:]
        for window in windows {
            let same = former.first {
                $0.draft.planned == window.id
                    && $0.draft.window?.strikesAlike(window.renumbered(by: $0.number - window.id)) == true
            }
            numbers[window.id] = same?.number ?? next
            if same == nil { next += 1 }
        }
        nextNumber = next
        let kept = faults.filter { $0.draft.planned == nil || $0.draft.lease != owner }
        faults =
            kept
            + windows.map { window in
                var drawn = window.renumbered { numbers[$0] ?? $0 }
                drawn.draws = Window.Draws(seed: seed, id: window.id)
                let written = window.written.map { JSON($0) } ?? .null
                var draft = FaultDraft(
                    link: window.link, name: window.ownName, window: drawn, written: written, lease: owner)
                draft.planned = window.id
                return LiveFault(number: drawn.id, draft: draft, since: now)
            }
        let named = Dictionary(uniqueKeysWithValues: numbers.map { ($1, $0) })
        attachments[index].numbers = named
        return named
    }

    /// Notes what others did.
    package mutating func lookAtAttachments() {
        guard !attachments.isEmpty else { return }
        for index in attachments.indices {
            var attachment = attachments[index]
            attachment.look(at: self)
            attachments[index] = attachment
        }
    }
}
