package import Consistency

/// What a run leaves to be judged, beside what the stores hold.
package struct Evidence: Sendable {
    package var world: World
    /// Of the workload, without the baseline.
    package var traffic: WireTraffic
    package var strikes: [Strike]
    /// Events that the wire history had no room for.
    package var dropped: Int
    /// When each window was open.
    package var spans: [WindowSpan]

    package init(
        world: World, traffic: WireTraffic = WireTraffic(), strikes: [Strike] = [], dropped: Int = 0,
        spans: [WindowSpan] = []
    ) {
        self.world = world
        self.traffic = traffic
        self.strikes = strikes
        self.dropped = dropped
        self.spans = spans
    }

    package var counts: DocumentCounts { DocumentCounts(world.submissions) }

    /// What keeps a run from proving anything, whatever the stores hold.
    package var doubts: [String] {
        var doubts: [String] = []
        if counts.submitted == 0 { doubts.append("no document was submitted") }
        for strike in strikes where strike.struck == 0 {
            doubts.append("the fault '\(strike.title)' never struck: \(strike.reasonForNone)")
        }
        if dropped > 0 { doubts.append("the wire history lost \(dropped) events") }
        return doubts
    }
}

/// How far one window came.
package struct Strike: Hashable, Sendable, Codable {
    /// The window's number, as in the wire history.
    package var id: Int
    /// What it did, as `remove-header on s3`.
    package var fault: String
    /// The name that the window was given.
    package var name: String?
    /// The link that it is on.
    package var link: String
    package var matched: Int
    package var struck: Int
    /// Messages that it was to strike and could not, since their bodies were too long or of another kind.
    package var notApplied: Int
    /// Whether its strikes break anything; those of `watch` don't.
    package var isDamage: Bool
    /// Whether it ever opened.
    package var isOpened: Bool
    /// Of one that strikes processes: why the last one that it was to strike was not struck.
    package var failure: String?

    package init(
        id: Int, fault: String, name: String? = nil, link: String, matched: Int, struck: Int, notApplied: Int = 0,
        isDamage: Bool = true, isOpened: Bool = true, failure: String? = nil
    ) {
        self.id = id
        self.fault = fault
        self.name = name
        self.link = link
        self.matched = matched
        self.struck = struck
        self.notApplied = notApplied
        self.isDamage = isDamage
        self.isOpened = isOpened
        self.failure = failure
    }

    /// Why it struck nothing, if so.
    var reasonForNone: String {
        if let failure { return failure }
        if !isOpened { return "it never opened, as what it waits for never happened" }
        if matched == 0 { return "no message matched its selector" }
        if notApplied > 0 { return "it was to strike \(bodies(notApplied)) too long or of another kind" }
        return "\(matched) messages matched, none was the one it waits for"
    }

    /// What it was to strike and could not, in words; nil when there is none.
    package var declined: String? {
        notApplied == 0 ? nil : "could not strike \(bodies(notApplied)) too long or of another kind"
    }

    private func bodies(_ count: Int) -> String {
        count == 1 ? "1 message, whose body was" : "\(count) messages, whose bodies were"
    }

    /// As others refer to it.
    package var label: String { name ?? fault }
    /// As a list names it: `lost (reset on qdrant)`.
    package var title: String { name.map { "\($0) (\(fault))" } ?? fault }
}

/// Submissions by their result.
package struct DocumentCounts: Hashable, Sendable, Codable {
    package var submitted: Int
    package var succeeded: Int
    package var rolledBack: Int
    package var unknown: Int

    /// - Parameter submissions: those of the baseline are not counted.
    package init(_ submissions: [Submission] = []) {
        let submissions = submissions.filter { !$0.isBaseline }
        submitted = submissions.count
        succeeded = submissions.count { $0.result == .succeeded }
        rolledBack = submissions.count { $0.result == .rolledBack }
        unknown = submissions.count { $0.result == .unknown }
    }
}
