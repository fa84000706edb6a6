/// Nothing of the pipeline's is still under way: an open transaction holds locks, a temporary file fills a disk, and an
/// unfinished saga may yet write.
package struct NoResidue: Invariant {
    package static let name = "no-residue"
    package static let title = "no transaction is left open, no temporary file and no unfinished saga is left behind"

    package init() {}

    package func check(_ world: World) -> Finding {
        let groups = Dictionary(grouping: world.residue) { Group(kind: $0.kind, store: $0.store) }
        let violations = groups.sorted { $0.key < $1.key }.map { group, left in told(group, left) }
        return finding(
            violations, gap: world.submissions.isEmpty ? "nothing was submitted" : gap(world),
            checked: world.residueSought.count, nothing: "nobody looked for anything left behind")
    }

    /// Transactions are in the stores, where everybody can look; files and sagas are where only their pipeline knows.
    private func gap(_ world: World) -> String? {
        guard world.stores.contains(.postgres), !world.residueSought.contains(.openTransaction) else { return nil }
        return world.unreadable[.postgres].map { "postgres could not be read: \($0)" }
            ?? "nobody looked for open transactions in postgres"
    }

    private func told(_ group: Group, _ left: [Residue]) -> Violation {
        let documents = Set(left.compactMap(\.document))
        let place = group.store.map { " in \($0.rawValue)" } ?? ""
        let noun = left.count == 1 ? group.kind.rawValue : "\(left.count) \(group.kind.rawValue)s"
        return violation(
            documents.count == 1 ? documents.first : nil, group.store.map { [$0] } ?? [],
            expected: "no \(group.kind.rawValue)\(place) once everything has settled",
            found: "\(noun): \(Phrase.names(left.map(\.name)))")
    }

    private struct Group: Hashable, Comparable {
        var kind: Residue.Kind
        var store: Store?

        static func < (left: Group, right: Group) -> Bool {
            (left.kind.rawValue, left.store?.rawValue ?? "") < (right.kind.rawValue, right.store?.rawValue ?? "")
        }
    }
}
