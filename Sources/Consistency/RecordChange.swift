/// How the records of a document in one store differ from those that were there. Both are taken as they are, duplicates and
/// all.
struct RecordChange {
    /// The same part with another digest, or another count of chunks.
    private(set) var altered: [(before: Record, after: Record)] = []
    private(set) var lost: [Record] = []
    private(set) var added: [Record] = []

    init(from former: [Record], to records: [Record]) {
        lost = Self.rest(of: former, without: records)
        let extra = Self.rest(of: records, without: former)
        for record in extra {
            if let index = lost.firstIndex(where: { $0.kind == record.kind && $0.key == record.key }) {
                altered.append((lost.remove(at: index), record))
            } else {
                added.append(record)
            }
        }
    }

    /// One phrase for each sort of difference and kind of record; empty where nothing differs.
    /// - Parameter version: says of a document's digest whose it is.
    func told(version: (String) -> String) -> [String] {
        Record.Kind.allCases.flatMap { kind -> [String] in
            var phrases: [String] = []
            let (lost, added) = (lost.filter { $0.kind == kind }, added.filter { $0.kind == kind })
            let altered = altered.filter { $0.after.kind == kind }
            if !lost.isEmpty { phrases.append("\(Phrase.keys(kind, lost.map(\.key))) lost") }
            if !added.isEmpty { phrases.append("\(Phrase.keys(kind, added.map(\.key))) not there before") }
            if let first = altered.first {
                let digests = "\(Self.words(first.after)) in place of \(Self.words(first.before))"
                let whose = kind == .document ? first.after.digest.map(version) ?? "" : ""
                phrases.append("\(Phrase.keys(kind, altered.map(\.after.key))) with \(digests)\(whose)")
            }
            return phrases
        }
    }

    private static func words(_ record: Record) -> String {
        let digest = record.digest.map(Phrase.digest) ?? "no digest"
        return record.chunks.map { "\(digest) and \(Phrase.count($0, .chunk))" } ?? digest
    }

    /// What is left of the first when each of the second takes one of its like away.
    private static func rest(of records: [Record], without others: [Record]) -> [Record] {
        var counts = Dictionary(others.map { ($0, 1) }, uniquingKeysWith: +)
        return records.filter { record in
            guard let count = counts[record], count > 0 else { return true }
            counts[record] = count - 1
            return false
        }
    }
}
