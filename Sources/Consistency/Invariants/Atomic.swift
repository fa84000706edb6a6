/// A document is in all stores or in none. Judged on presence alone; what is inside is for `complete`.
package struct Atomic: Invariant {
    package static let name = "atomic"
    package static let title = "each document is in all stores or in none"

    package init() {}

    package func check(_ world: World) -> Finding {
        var violations: [Violation] = []
        var checked = 0
        var isAnythingThere = false
        for document in world.documents {
            for id in document.storedIDs {
                let presence = Presence(of: id, in: world)
                checked += 1
                if !presence.holding.isEmpty { isAnythingThere = true }
                guard !presence.holding.isEmpty, !presence.lacking.isEmpty else { continue }
                violations.append(split(document.document, id, presence, world))
            }
        }
        // Where footprints were due and not one record is to be seen, "in none" proves nothing.
        let isDue = world.documents.contains { !$0.allowed.contains(.absent) }
        let isBlind = isDue && !isAnythingThere ? "no store holds anything, though documents succeeded" : nil
        return finding(
            violations, gap: world.gap ?? isBlind, checked: checked, nothing: "nothing was there to check")
    }

    private func split(_ document: String, _ id: String, _ presence: Presence, _ world: World) -> Violation {
        let there = presence.holding.map { store in
            "\(store.rawValue) (\(Phrase.contents(world.records(of: id, in: store) ?? [])))"
        }
        let alias = id == document ? "" : " (stored as \(id))"
        return violation(
            document, presence.holding.count < presence.lacking.count ? presence.holding : presence.lacking,
            expected: "its records\(alias) in all of \(Phrase.list(world.stores)), or in none of them",
            found: "some in \(Phrase.list(there)), but nothing in \(Phrase.list(presence.lacking))")
    }
}
