/// What a rollback must bring back: a document that stood before the faults stands as it stood then, record by record.
package struct Restored: Invariant {
    package static let name = "restored"
    package static let title = "a rolled-back change leaves the former version whole"

    package init() {}

    package func check(_ world: World) -> Finding {
        var violations: [Violation] = []
        var gap: String?
        var checked = 0
        let due = world.documents.filter { isDue($0, world) }
        guard !due.isEmpty else {
            return .notAsked("no change of a document that stood before the faults was rolled back for good")
        }
        for document in due {
            let ids = document.storedIDs
            if let store = world.stores.first(where: { store in ids.allSatisfy { world.former[store]?[$0] == nil } }) {
                gap = gap ?? "\(store.rawValue) was not asked about document \(document.document) before the faults"
                continue
            }
            checked += 1
            violations += world.stores.flatMap { differences(document, $0, world) }
        }
        return finding(violations, gap: world.gap ?? gap, checked: checked, nothing: "nothing was there to check")
    }

    /// All that was asked of it under fire was rolled back, or is of unknown result while the stores say the former content.
    private func isDue(_ document: DocumentCase, _ world: World) -> Bool {
        let workload = document.workload
        guard workload.contains(where: { $0.result == .rolledBack }),
            !workload.contains(where: { $0.result == .succeeded }), !document.before.contains(.absent)
        else { return false }
        let unknown = workload.filter { $0.result == .unknown }
        if unknown.isEmpty { return true }
        let former = Set(document.before.map(\.digest))
        // Content that comes again, or that nobody knows the digest of, leaves the former digest by right.
        guard !former.contains(nil), unknown.allSatisfy({ $0.kind == .delete || $0.contentDigest != nil }),
            !unknown.contains(where: { $0.kind != .delete && former.contains($0.contentDigest) })
        else { return false }
        let declared = world.stores.flatMap { store in
            document.storedIDs.flatMap { world.records(of: $0, in: store) ?? [] }
        }
        let digests = declared.filter { $0.kind == .document }.compactMap(\.digest)
        return !digests.isEmpty && digests.allSatisfy { former.contains($0) }
    }

    private func differences(_ document: DocumentCase, _ store: Store, _ world: World) -> [Violation] {
        document.storedIDs.flatMap { id -> [Violation] in
            guard let former = world.former[store]?[id], let records = world.records(of: id, in: store) else {
                return []
            }
            let change = RecordChange(from: former, to: records)
            let what = change.told { version(of: $0, document) }
            guard !what.isEmpty else { return [] }
            return [
                violation(
                    document.document, [store],
                    expected: "\(former.isEmpty ? "nothing of it" : Phrase.contents(former)) in \(store.rawValue), as "
                        + "before the faults, since \(Self.words(document))",
                    found: Phrase.list(what))
            ]
        }
    }

    /// `, that of its re-ingest r-7`.
    private func version(of digest: String, _ document: DocumentCase) -> String {
        guard let source = document.workload.first(where: { $0.contentDigest == digest }) else { return "" }
        return ", that of its \(source.kind.rawValue) \(source.id)"
    }

    private static func words(_ document: DocumentCase) -> String {
        let words = document.workload.map { submission in
            submission.result == .rolledBack
                ? "its \(submission.kind.rawValue) was rolled back"
                : "the result of its \(submission.kind.rawValue) is unknown"
        }
        return Phrase.list(words.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
    }
}

extension DocumentCase.State {
    fileprivate var digest: String? {
        if case .present(let digest) = self { return digest }
        return nil
    }
}
