import Consistency

/// What was on the wire for a rolled-back submission, after the last message of it that a fault struck.
struct UndoTrace {
    let submission: Submission
    /// When the last strike was over.
    let struckUntil: Int64
    /// Requests that began after that, with their links.
    let requests: [(link: String, request: Share.Moment)]
    /// Its client may have given up before the message that was struck ended, so nobody knows when its undoing began.
    let isUntimed: Bool

    /// Of each rolled-back submission of the workload that a fault struck.
    static func all(in evidence: Evidence) -> [UndoTrace] {
        let shares = Dictionary(grouping: evidence.traffic.shares, by: \.document)
        let often = evidence.documentsAskedOften
        return evidence.world.submissions.filter { !$0.isBaseline && $0.result == .rolledBack }.compactMap {
            submission in
            let own = (shares[submission.document] ?? []).filter {
                $0.submission == submission.id || ($0.submission == nil && !often.contains(submission.document))
            }
            return UndoTrace(submission, own)
        }
    }

    /// Nil when no fault struck it.
    private init?(_ submission: Submission, _ shares: [Share]) {
        guard let last = shares.flatMap(\.strikes).max(by: { $0.end < $1.end }) else { return nil }
        self.submission = submission
        struckUntil = last.end
        func after(_ time: Int64) -> [(link: String, request: Share.Moment)] {
            shares.flatMap { share in share.requests.filter { $0.time > time }.map { (share.link, $0) } }
        }
        let later = after(last.end)
        isUntimed = later.isEmpty
        requests = later.isEmpty ? after(last.time) : later
    }
}

extension Evidence {
    /// Links to stores, where the undoing of a document is seen.
    var storeLinks: [String] {
        world.links.filter { Store(rawValue: $0.service) != nil }.map(\.link)
    }

    /// Why calls of documents on these links were not all seen, or not all told apart.
    func gap(on links: [String]) -> String? {
        if dropped > 0 { return "the wire history lost \(dropped) events" }
        for link in links {
            if traffic.opaque.contains(link) {
                return "a connection of \(link) stopped making sense, so not all of its calls were seen"
            }
            let strays =
                (traffic.requests[link] ?? 0) - (traffic.attributed[link] ?? 0) - (traffic.idle[link] ?? 0)
            if strays > 0 { return "nobody can tell whose \(strays) requests on \(link) are" }
        }
        return nil
    }
}
