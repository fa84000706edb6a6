/// Stores agree on the content of every record, and on the latest content that succeeded.
package struct SameContent: Invariant {
    package static let name = "same-content"
    package static let title =
        "digests are equal between the stores, and are those of the latest content that succeeded"

    package init() {}

    package func check(_ world: World) -> Finding {
        var violations: [Violation] = []
        var checked = 0
        for document in world.documents {
            for id in document.storedIDs {
                let digests = Self.digests(of: id, in: world)
                if !digests.isEmpty { checked += 1 }
                violations += disagreements(document.document, digests, before: Self.former(id, in: world))
                if document.currentIDs.contains(id) { violations += stale(document, digests) }
            }
        }
        return finding(violations, gap: world.gap, checked: checked, nothing: "no store keeps a digest of any document")
    }

    private struct Part: Hashable {
        var kind: Record.Kind
        var key: String
    }

    /// Which stores say which digest of which part.
    private static func digests(of id: String, in world: World) -> [Part: [String: [Store]]] {
        var digests: [Part: [String: [Store]]] = [:]
        for store in world.stores {
            for record in Set(world.records(of: id, in: store) ?? []) {
                guard let digest = record.digest else { continue }
                digests[Part(kind: record.kind, key: record.key), default: [:]][digest, default: []].append(store)
            }
        }
        return digests
    }

    /// Which digests each part had before the faults.
    private static func former(_ id: String, in world: World) -> [Part: Set<String>] {
        var former: [Part: Set<String>] = [:]
        for record in world.former.values.compactMap({ $0[id] }).flatMap(\.self) {
            guard let digest = record.digest else { continue }
            former[Part(kind: record.kind, key: record.key), default: []].insert(digest)
        }
        return former
    }

    /// How stores part over a digest; the larger side first.
    private struct Split: Hashable {
        var kind: Record.Kind
        var sides: [[Store]]
    }

    /// Whole documents differ in many chunks at once, so parts over which the stores split alike are told together.
    private func disagreements(
        _ document: String, _ digests: [Part: [String: [Store]]], before: [Part: Set<String>]
    ) -> [Violation] {
        let alike = Dictionary(grouping: digests.filter { $0.value.count > 1 }) { part, digests in
            Split(kind: part.kind, sides: Self.sides(digests).map(\.stores))
        }
        return alike.map { split, parts in
            let first = parts.min { ($0.key.key.count, $0.key.key) < ($1.key.key.count, $1.key.key) }!
            let told = Self.sides(first.value).map { side in
                let isFormer = before[first.key]?.contains(side.digest) == true
                return "\(Phrase.digest(side.digest))\(isFormer ? " (as before the faults)" : "") in "
                    + Phrase.list(side.stores)
            }
            let example = parts.count == 1 ? "" : "for \(Phrase.keys(split.kind, [first.key.key])) "
            return violation(
                document, split.sides.last!,
                expected: "one digest of \(Phrase.keys(split.kind, parts.map(\.key.key))) in all stores",
                found: example + Phrase.list(told))
        }
        .sorted { $0.expected < $1.expected }
    }

    private static func sides(_ digests: [String: [Store]]) -> [(digest: String, stores: [Store])] {
        digests.map { (digest: $0.key, stores: $0.value) }
            .sorted { left, right in
                left.stores.count != right.stores.count
                    ? left.stores.count > right.stores.count
                    : left.stores.lexicographicallyPrecedes(right.stores)
            }
    }

    private func stale(_ document: DocumentCase, _ digests: [Part: [String: [Store]]]) -> [Violation] {
        var allowed: Set<String> = []
        for case .present(let digest) in document.allowed {
            // Content that nobody knows the digest of allows any.
            guard let digest else { return [] }
            allowed.insert(digest)
        }
        guard !allowed.isEmpty else { return [] }
        let found = digests.filter { $0.key.kind == .document }.values.flatMap(\.self)
            .filter { !allowed.contains($0.key) }
        return found.sorted { $0.key < $1.key }.map { digest, stores in
            let source = document.submissions.last { $0.contentDigest == digest }
            let which = source.map { "that of its \($0.kind.rawValue) \($0.id)" } ?? "that of no submission"
            return violation(
                document.document, stores,
                expected: "the digest of the latest content that succeeded, "
                    + allowed.sorted().map(Phrase.digest).joined(separator: " or "),
                found: "\(Phrase.digest(digest)) in \(Phrase.list(stores)), \(which)")
        }
    }
}
