/// Documents succeeded, so every link must have seen traffic of theirs: a worker that went round a link was never tested.
package struct NoBypass: Invariant {
    package static let name = "no-bypass"
    package static let title = "the worker's traffic went through every link"

    package init() {}

    package func check(_ world: World) -> Finding {
        // Traffic is that of the workload. A deletion need not touch every service, and a duplicate may be answered from a cache.
        let written = world.submissions.filter {
            $0.result == .succeeded && ($0.kind == .ingest || $0.kind == .reingest) && !$0.isBaseline
        }
        guard world.submissions.contains(where: { !$0.isBaseline }) else { return .unknown("nothing was submitted") }
        guard !written.isEmpty else { return .notAsked("no document was written, so no link had to see any") }
        var violations: [Violation] = []
        var gap: String?
        for link in world.links {
            if link.messages == link.errands ?? 0 {
                if link.isCutShort, link.messages > 0 {
                    gap = "the history of link \(link.link) was cut short"
                } else {
                    violations.append(silent(link, written.count))
                }
            } else if let keys = link.keys {
                let missing = written.filter { !keys.contains($0.sourceKey ?? $0.document) }
                if missing.isEmpty { continue }
                if link.isCutShort {
                    gap = "the history of link \(link.link) was cut short"
                } else {
                    violations += missing.map { unseen($0, link) }
                }
            }
        }
        return finding(
            violations, gap: gap, checked: world.links.count,
            nothing: "no link stood between the worker and its services")
    }

    private func silent(_ link: LinkTraffic, _ count: Int) -> Violation {
        violation(
            nil, Store(rawValue: link.service).map { [$0] } ?? [],
            expected:
                "traffic to \(link.service) on link \(link.link), as \(count) document\(count == 1 ? "" : "s") succeeded",
            found: link.messages == 0
                ? "no message at all: the worker went round the link"
                : "\(link.messages) messages that opened sessions or asked where the servers are, and none that used "
                    + "them: the worker's driver went round the link")
    }

    private func unseen(_ submission: Submission, _ link: LinkTraffic) -> Violation {
        violation(
            submission.document, Store(rawValue: link.service).map { [$0] } ?? [],
            expected: "key \(submission.sourceKey ?? submission.document) on link \(link.link), as its "
                + "\(submission.kind.rawValue) succeeded",
            found: "no message with that key: the worker went round the link")
    }
}
