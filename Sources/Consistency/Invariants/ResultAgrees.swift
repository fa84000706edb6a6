/// Success was reported if and only if the data is there. Behind an unknown result the data may be whole or gone.
package struct ResultAgrees: Invariant {
    package static let name = "result-agrees"
    package static let title = "success was reported if and only if the data is there"

    package init() {}

    package func check(_ world: World) -> Finding {
        let documents = world.documents
        let violations = documents.compactMap { disagreement($0, world) }
        return finding(violations, gap: world.gap, checked: documents.count, nothing: "nothing was submitted")
    }

    private func disagreement(_ document: DocumentCase, _ world: World) -> Violation? {
        let allowed = document.allowed
        if allowed == [.absent] { return leftover(document, world) }
        // Where successes overlapped, either may have been the last: the one that is there.
        let currentID = document.currentIDs.sorted().max {
            Presence(of: $0, in: world).holding.count < Presence(of: $1, in: world).holding.count
        }!
        let presence = Presence(of: currentID, in: world)
        guard !presence.lacking.isEmpty else { return nil }
        if !allowed.contains(.absent) {
            return violation(
                document.document, presence.lacking,
                expected: "it in \(Phrase.list(world.stores)), as \(Self.words(for: document))",
                found: "nothing of it in \(Phrase.list(presence.lacking))")
        }
        guard !presence.holding.isEmpty else { return nil }
        return violation(
            document.document, presence.lacking,
            expected: "it whole or gone, as \(Self.words(for: document))",
            found: "\(Self.contents(currentID, in: presence.holding, world)), "
                + "but nothing in \(Phrase.list(presence.lacking))")
    }

    /// Records of a document that must be gone, under any id that it ever had.
    private func leftover(_ document: DocumentCase, _ world: World) -> Violation? {
        let left = document.storedIDs.map { (id: $0, stores: Presence(of: $0, in: world).holding) }
            .filter { !$0.stores.isEmpty }
        guard !left.isEmpty else { return nil }
        return violation(
            document.document, Set(left.flatMap(\.stores)).sorted(),
            expected: "nothing of it in any store, as \(Self.words(for: document))",
            found: Phrase.list(left.map { Self.contents($0.id, in: $0.stores, world) }))
    }

    /// `1 document in postgres and 3 chunks in qdrant`.
    private static func contents(_ id: String, in stores: [Store], _ world: World) -> String {
        Phrase.list(stores.map { "\(Phrase.contents(world.records(of: id, in: $0) ?? [])) in \($0.rawValue)" })
    }

    /// `its ingest succeeded`, `its ingest succeeded and its delete rolled back`.
    private static func words(for document: DocumentCase) -> String {
        Phrase.list(
            document.submissions.map { submission in
                switch submission.result {
                case .succeeded: "its \(submission.kind.rawValue) succeeded"
                case .rolledBack: "its \(submission.kind.rawValue) was rolled back"
                case .unknown: "the result of its \(submission.kind.rawValue) is unknown"
                }
            })
    }
}
