/// A managed worker's process that is not there as it should be: which, why, and what it said last.
struct WorkerEnd: Error, Hashable, Sendable, CustomStringConvertible {
    var label: String
    /// `exited with code 3`, `was not ready within 30 s`.
    var what: String
    var lastLines: [String]
    /// Nil when it was never there.
    var log: String?

    /// In one line, since reasons of a verdict have one each.
    var description: String {
        guard let log else { return "the worker '\(label)' \(what)" }
        let said = lastLines.isEmpty ? "it said nothing" : "its last lines: \(lastLines.joined(separator: " | "))"
        return "the worker '\(label)' \(what); \(said) (log: \(log))"
    }
}
