/// What the verdict is judged on. Complete in itself: a saved world can be judged again, without any store.
package struct World: Hashable, Sendable, Codable {
    package var run: String
    /// The baseline's first, then in the order in which their results were recorded. A later one overrides what an earlier
    /// one left, unless the two overlapped.
    package var submissions: [Submission]
    /// The kinds of record that each store holds. Its keys are the stores under judgement.
    package var kinds: [Store: Set<Record.Kind>]
    /// Records by the stored id of the document. An empty list was looked for and not found; a missing one wasn't looked for.
    package var footprints: [Store: [String: [Record]]]
    /// As `footprints`, but read after the baseline and before the faults.
    package var former: [Store: [String: [Record]]]
    /// Those found after the run, without those that the baseline had already.
    package var orphans: [Orphan]
    /// Stores that were searched for orphans; the others count for nothing in `no-orphans`.
    package var orphansSought: Set<Store>
    /// What was left under way once everything had settled.
    package var residue: [Residue]
    /// The kinds of residue that were looked for; the others count for nothing in `no-residue`.
    package var residueSought: Set<Residue.Kind>
    package var links: [LinkTraffic]
    /// Stores whose probe failed, and why.
    package var unreadable: [Store: String]

    /// - Parameter orphansSought: nil for all stores under judgement.
    package init(
        run: String, submissions: [Submission], kinds: [Store: Set<Record.Kind>],
        footprints: [Store: [Footprint]] = [:], former: [Store: [Footprint]] = [:], orphans: [Orphan] = [],
        orphansSought: Set<Store>? = nil, residue: [Residue] = [], residueSought: Set<Residue.Kind> = [],
        links: [LinkTraffic] = [], unreadable: [Store: String] = [:]
    ) {
        self.run = run
        self.submissions = submissions
        self.kinds = kinds
        self.footprints = Self.byDocument(footprints)
        self.former = Self.byDocument(former)
        self.orphans = orphans
        self.orphansSought = orphansSought ?? Set(kinds.keys)
        self.residue = residue
        self.residueSought = residueSought
        self.links = links
        self.unreadable = unreadable
    }

    private static func byDocument(_ footprints: [Store: [Footprint]]) -> [Store: [String: [Record]]] {
        footprints.mapValues { found in
            Dictionary(found.map { ($0.document, $0.records) }, uniquingKeysWith: +)
        }
    }

    /// Stores under judgement, in the order of reports.
    package var stores: [Store] { kinds.keys.sorted() }

    /// Documents in the order of their first submission.
    package var documents: [DocumentCase] {
        var order: [String] = []
        var grouped: [String: [Submission]] = [:]
        for submission in submissions {
            if grouped[submission.document] == nil { order.append(submission.document) }
            grouped[submission.document, default: []].append(submission)
        }
        return order.map { DocumentCase(document: $0, submissions: grouped[$0]!) }
    }

    /// Nil when the store could not be read, or wasn't asked about the document.
    package func records(of storedID: String, in store: Store) -> [Record]? {
        unreadable[store] == nil ? footprints[store]?[storedID] : nil
    }
}

extension World {
    /// Orphans that the run made: those found after it, less those found before. One that was there twice counts twice.
    package static func newOrphans(_ after: [Orphan], since before: [Orphan]) -> [Orphan] {
        var old = Dictionary(before.map { ($0, 1) }, uniquingKeysWith: +)
        return after.filter { orphan in
            guard let count = old[orphan], count > 0 else { return true }
            old[orphan] = count - 1
            return false
        }
    }
}
