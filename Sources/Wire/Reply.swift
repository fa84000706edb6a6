/// An answer that the proxy gives in the service's place.
package enum Reply: Hashable, Sendable {
    /// - Parameter body: `nil` lets the service's dialect word it as the real service does.
    case http(status: Int, headers: [Header], body: String?)
    /// An error of the service's own choice, in its own words.
    case refusal(Refusal)
    /// An error of PostgreSQL.
    case sql(SQLError)
    /// An error of Redis.
    case redis(RedisErrorReply)
    /// An error of Neo4j.
    case bolt(BoltFailure)

    package struct Header: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }
}

/// The two ways in which a service says no.
package enum Refusal: String, Hashable, Sendable, CaseIterable {
    /// Its clients should try again.
    case retryable
    /// Trying again is no use.
    case permanent
}

/// An error as PostgreSQL reports it (PostgreSQL documentation, appendix A and 55.8).
package struct SQLError: Hashable, Sendable {
    /// Five characters: `40001`.
    package var sqlstate: String
    /// `nil` lets the dialect word it as the real server does.
    package var message: String?
    /// The session ends with it, though errors of its kind leave it open as a rule.
    package var endsSession = false

    package init(sqlstate: String, message: String? = nil) {
        self.sqlstate = sqlstate
        self.message = message
    }
}
