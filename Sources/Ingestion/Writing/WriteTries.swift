import Synchronization

/// How often each version of a document was tried to be written.
final class WriteTries: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// Empty for the first try, and another text for each that follows.
    func next(_ document: ProcessedDocument) -> String {
        let before = counts.withLock { counts in
            defer { counts[document.id + document.digest, default: 0] += 1 }
            return counts[document.id + document.digest] ?? 0
        }
        return before == 0 ? "" : "/try-\(before + 1)"
    }
}
