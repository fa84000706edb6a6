/// No record is there twice, and no document under two ids.
package struct NoDuplicates: Invariant {
    package static let name = "no-duplicates"
    package static let title = "no record and no document is there twice"

    package init() {}

    package func check(_ world: World) -> Finding {
        var violations: [Violation] = []
        var checked = 0
        for document in world.documents {
            var stored: [(id: String, stores: [Store])] = []
            for id in document.storedIDs {
                let holding = Presence(of: id, in: world).holding
                guard !holding.isEmpty else { continue }
                checked += 1
                stored.append((id, holding))
                violations += holding.flatMap { repeated(document.document, world.records(of: id, in: $0) ?? [], $0) }
            }
            if stored.count > 1 {
                violations.append(
                    violation(
                        document.document, Set(stored.flatMap(\.stores)).sorted(),
                        expected: "it under one id",
                        found: "it under \(stored.count) ids: "
                            + Phrase.list(stored.map { "\($0.id) in \(Phrase.list($0.stores))" })))
            }
        }
        return finding(violations, gap: world.gap, checked: checked, nothing: "no document is in any store")
    }

    private func repeated(_ document: String, _ records: [Record], _ store: Store) -> [Violation] {
        Record.Kind.allCases.compactMap { kind in
            let counts = Dictionary(records.filter { $0.kind == kind }.map { ($0.key, 1) }, uniquingKeysWith: +)
            let twice = counts.filter { $0.value > 1 }
            guard let most = twice.values.max() else { return nil }
            return violation(
                document, [store], expected: "each \(kind.rawValue) once in \(store.rawValue)",
                found: "\(Phrase.keys(kind, twice.keys)) \(most) times")
        }
    }
}
