/// The stores that hold a document hold the same parts of it: the document's own record, equal chunks, equal entities,
/// and as many chunks as the document's record says.
package struct Complete: Invariant {
    package static let name = "complete"
    package static let title = "stores that hold a document hold the same chunks and entities of it"

    package init() {}

    package func check(_ world: World) -> Finding {
        var violations: [Violation] = []
        var checked = 0
        for document in world.documents {
            for id in document.storedIDs {
                let holding = Presence(of: id, in: world).holding
                if !holding.isEmpty { checked += 1 }
                var found: [Violation] = []
                for kind in Record.Kind.allCases {
                    let declaring = holding.filter { world.kinds[$0]?.contains(kind) == true }
                    found += differences(document.document, id, kind, declaring, world)
                }
                // Stores may agree on chunks of a former version that each of them kept.
                if found.isEmpty { found += miscounts(document.document, id, holding, world) }
                violations += found
            }
        }
        return finding(violations, gap: world.gap, checked: checked, nothing: "no document is in any store")
    }

    /// Stores that hold more or fewer chunks than the document's own record says, wherever that is.
    private func miscounts(_ document: String, _ id: String, _ holding: [Store], _ world: World) -> [Violation] {
        holding.flatMap { teller in
            (world.records(of: id, in: teller) ?? []).compactMap(\.chunks).flatMap { said in
                holding.filter { world.kinds[$0]?.contains(.chunk) == true }.compactMap { store in
                    let chunks = Set((world.records(of: id, in: store) ?? []).filter { $0.kind == .chunk }.map(\.key))
                    guard chunks.count != said else { return nil }
                    return violation(
                        document, [store],
                        expected: "\(Phrase.count(said, .chunk)) in \(store.rawValue), as its record in "
                            + "\(teller.rawValue) says",
                        found: Phrase.keys(.chunk, chunks))
                }
            }
        }
    }

    private func differences(
        _ document: String, _ id: String, _ kind: Record.Kind, _ stores: [Store], _ world: World
    ) -> [Violation] {
        var holders: [String: [Store]] = [:]
        for store in stores {
            let records = world.records(of: id, in: store) ?? []
            for key in Set(records.filter { $0.kind == kind }.map(\.key)) { holders[key, default: []].append(store) }
        }
        // A document without its own record anywhere is incomplete, too, even though the stores agree.
        if kind == .document, holders.isEmpty, !stores.isEmpty {
            return [
                violation(
                    document, stores, expected: "the document's own record in \(Phrase.list(stores))",
                    found: "parts of it, but no such record")
            ]
        }
        let groups = Dictionary(grouping: holders.filter { $0.value.count < stores.count }.keys) { holders[$0]! }
        return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { having, keys in
            let lacking = stores.filter { !having.contains($0) }
            let verb = keys.count == 1 ? "is" : "are"
            return violation(
                document, having.count < lacking.count ? having : lacking,
                expected: "the same \(Phrase.plural(kind)) in \(Phrase.list(stores))",
                found:
                    "\(Phrase.keys(kind, keys)) \(verb) in \(Phrase.list(having)), but not in \(Phrase.list(lacking))")
        }
    }
}
