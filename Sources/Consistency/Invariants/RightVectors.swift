/// What a search finds: each chunk's vector is the embedding of its own text, as far as anybody looked.
package struct RightVectors: Invariant {
    package static let name = "right-vectors"
    package static let title = "each chunk's vector is the embedding of its own text"

    package init() {}

    package func check(_ world: World) -> Finding {
        var violations: [Violation] = []
        var checked = 0
        for document in world.documents {
            for id in document.storedIDs {
                for store in world.stores {
                    let looked = (world.records(of: id, in: store) ?? []).filter { $0.vector != nil }
                    checked += looked.count
                    violations += wrong(document.document, looked, in: store)
                }
            }
        }
        if checked == 0 { return .notAsked("nobody can tell which text a vector of this pipeline is of") }
        return finding(violations, gap: world.gap, checked: checked, nothing: "nothing was there to check")
    }

    private func wrong(_ document: String, _ looked: [Record], in store: Store) -> [Violation] {
        let kinds: [(Record.Embedded, String)] = [
            (.other, "that of another chunk"), (.unknown, "that of none of the document's chunks"),
        ]
        return kinds.compactMap { embedded, whose in
            let keys = looked.filter { $0.vector == embedded }.map(\.key)
            guard !keys.isEmpty else { return nil }
            return violation(
                document, [store], expected: "the embedding of its own text with each chunk in \(store.rawValue)",
                found: "\(whose) with \(Phrase.keys(.chunk, keys))")
        }
    }
}
