/// Words for violations.
enum Phrase {
    private static let shownMax = 5

    /// `a`, `a and b`, `a, b and c`.
    static func list(_ items: [String]) -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? "nothing" }
        return items.dropLast().joined(separator: ", ") + " and " + last
    }

    static func list(_ stores: [Store]) -> String { list(stores.map(\.rawValue)) }

    /// `1 chunk`, `3 entities`.
    static func count(_ count: Int, _ kind: Record.Kind) -> String {
        count == 1 ? "1 \(kind.rawValue)" : "\(count) \(plural(kind))"
    }

    /// `1 document, 8 chunks and 3 entities`.
    static func contents(_ records: [Record]) -> String {
        list(
            Record.Kind.allCases.compactMap { kind in
                let number = records.count { $0.kind == kind }
                return number > 0 ? count(number, kind) : nil
            })
    }

    /// `chunk 3`, `chunks 1, 2 and 10`; after the fifth only how many more there are.
    static func keys(_ kind: Record.Kind, _ keys: some Sequence<String>) -> String {
        let sorted = keys.sorted { (Int($0) ?? .max, $0) < (Int($1) ?? .max, $1) }
        let noun = sorted.count == 1 ? kind.rawValue : plural(kind)
        guard sorted.count > shownMax else { return "\(noun) \(list(sorted))" }
        return "\(noun) \(list(Array(sorted.prefix(shownMax)) + ["\(sorted.count - shownMax) more"]))"
    }

    /// Names of any kind; after the fifth only how many more there are.
    static func names(_ names: some Sequence<String>) -> String {
        let sorted = names.sorted()
        guard sorted.count > shownMax else { return list(sorted) }
        return list(Array(sorted.prefix(shownMax)) + ["\(sorted.count - shownMax) more"])
    }

    /// A digest short enough to read, long enough to compare.
    static func digest(_ digest: String) -> String { digest.count > 12 ? "\(digest.prefix(12))…" : digest }

    static func plural(_ kind: Record.Kind) -> String {
        switch kind {
        case .document: "documents"
        case .chunk: "chunks"
        case .entity: "entities"
        }
    }
}
