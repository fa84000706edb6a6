/// What the statements of a transaction say and are given, for whoever selects by it: a `COMMIT` says nothing of its own.
struct TransactionValues: Hashable, Sendable {
    /// Whether anybody wants to know. What was said before is of no transaction that is told of later.
    var isKept = false {
        didSet { if oldValue, !isKept { text = "" } }
    }
    private var text = ""
    private static let bytesMax = 16384

    mutating func begin() { text = "" }

    mutating func add(_ statement: String, _ parameters: String) {
        guard isKept, text.utf8.count < Self.bytesMax else { return }
        text += statement + "\n" + parameters + "\n"
    }

    /// - Returns: all that was said.
    mutating func end() -> String {
        defer { text = "" }
        return text
    }
}
