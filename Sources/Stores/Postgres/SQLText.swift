/// What can be told of a statement's text without parsing it.
enum SQLText {
    /// The statement's first word in capitals, as its operation.
    static func firstWord(of sql: String) -> String {
        let word = sql.drop { $0.isWhitespace || $0 == "(" }.prefix { $0.isLetter }
        return word.isEmpty ? "statement" : word.uppercased()
    }
}
