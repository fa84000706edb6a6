/// A pattern of an SQL statement: a glob for which case is nothing, and any run of white space one space.
package struct StatementPattern: Hashable, Sendable, CustomStringConvertible {
    package let description: String
    private let glob: Glob

    package init(_ pattern: String) {
        description = pattern
        glob = Glob(Self.plain(pattern))
    }

    package func matches(_ statement: String) -> Bool { glob.matches(Self.plain(statement)) }

    /// In lower case, with single spaces, and none at the ends.
    private static func plain(_ text: String) -> String {
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
