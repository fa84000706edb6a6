package import Wire

/// What a message must hold for a selector to match it. Nothing that is `nil` is asked for.
package struct ContentPattern: Hashable, Sendable {
    /// A header that must be there, with a value that matches where one is asked for.
    package struct Header: Hashable, Sendable {
        /// Whatever its case.
        package var name: String
        package var value: Glob?

        package init(_ name: String, _ value: Glob? = nil) {
            self.name = name
            self.value = value
        }

        func matches(_ headers: [Reply.Header]) -> Bool {
            let name = name.lowercased()
            return headers.contains { $0.name.lowercased() == name && value?.matches($0.value) != false }
        }
    }

    /// Redis: one key of the command, where it has several.
    package var key: Glob?
    /// HTTP: one of these.
    package var methods: [String]?
    /// HTTP: without the query, as it was sent.
    package var path: Glob?
    package var header: Header?
    /// HTTP: an answer with one of these.
    package var statuses: [ClosedRange<Int>]?
    /// PostgreSQL and Bolt: the statement's text.
    package var statement: StatementPattern?

    package init(
        key: Glob? = nil, methods: [String]? = nil, path: Glob? = nil, header: Header? = nil,
        statuses: [ClosedRange<Int>]? = nil, statement: StatementPattern? = nil
    ) {
        self.key = key
        self.methods = methods
        self.path = path
        self.header = header
        self.statuses = statuses
        self.statement = statement
    }

    package func matches(_ message: Message) -> Bool {
        if let key, !key.matches(message.key), !message.content.moreKeys.contains(where: key.matches) { return false }
        if let methods, !methods.contains(message.content.method) { return false }
        if let path, !path.matches(message.content.path) { return false }
        if let header, !header.matches(message.content.headers) { return false }
        if let statuses, message.direction == .request || !statuses.contains(where: { $0.contains(message.status) }) {
            return false
        }
        if let statement, !statement.matches(message.content.statement) { return false }
        return true
    }
}
