/// The run left no part without its whole, in any store.
package struct NoOrphans: Invariant {
    package static let name = "no-orphans"
    package static let title = "no store holds a part whose whole is gone"

    package init() {}

    package func check(_ world: World) -> Finding {
        struct Group: Hashable {
            var store: Store
            var document: String?
            var kind: Record.Kind
        }
        let byStoredID = Dictionary(
            world.documents.flatMap { document in document.storedIDs.map { ($0, document.document) } },
            uniquingKeysWith: { first, _ in first })
        let groups = Dictionary(grouping: world.orphans) {
            Group(store: $0.store, document: $0.document, kind: $0.kind)
        }
        let violations = groups.map { group, orphans in
            violation(
                group.document.map { byStoredID[$0] ?? $0 }, [group.store],
                expected: "no \(group.kind.rawValue) in \(group.store.rawValue) without its "
                    + (group.kind == .entity ? "mention" : "document"),
                found: Phrase.keys(group.kind, orphans.map(\.key)) + " left behind")
        }
        if violations.isEmpty, !world.stores.contains(where: world.orphansSought.contains) {
            return .notAsked("no footprints have a query for orphans")
        }
        return finding(
            violations.sorted {
                ($0.stores[0], $0.document ?? "", $0.found) < ($1.stores[0], $1.document ?? "", $1.found)
            },
            gap: world.gap, checked: world.stores.count { world.orphansSought.contains($0) },
            nothing: "no store was searched for orphans")
    }
}
