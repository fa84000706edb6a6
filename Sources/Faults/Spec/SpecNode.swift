/// One value of a configuration file, with the place where it was written. Whoever parses the file (YAML, JSON) makes these.
package struct SpecNode: Hashable, Sendable {
    /// Where a value begins. Both count from one; 0 means unknown.
    package struct Mark: Hashable, Sendable {
        package var line: Int
        package var column: Int

        package init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }
    }

    /// One `key: value` of a mapping.
    package struct Entry: Hashable, Sendable {
        package var key: String
        package var mark: Mark
        package var node: SpecNode

        package init(key: String, mark: Mark, node: SpecNode) {
            self.key = key
            self.mark = mark
            self.node = node
        }
    }

    package enum Content: Hashable, Sendable {
        /// Nothing was written: `key:`, `key: ~` or `key: null`.
        case empty
        case scalar(String)
        case sequence([SpecNode])
        /// In the order of the file; a key may come twice here, and `Spec` refuses it.
        case mapping([Entry])
    }

    package var content: Content
    package var mark: Mark
    /// The scalar stood in quotes or in a block: it is a text, whatever it looks like.
    package var isQuoted: Bool

    package init(_ content: Content, at mark: Mark, isQuoted: Bool = false) {
        self.content = content
        self.mark = mark
        self.isQuoted = isQuoted
    }

    /// What a message calls this value: `'abc'`, `a list`, `a mapping`, `nothing`.
    package var summary: String {
        switch content {
        case .empty: "nothing"
        case .scalar(let text): "'\(text)'"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}
