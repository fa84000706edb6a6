import Wire

/// The operations that a fault strikes by itself; a selector that names `operation` has the last word.
package enum OwnOperations: Hashable, Sendable {
    case only(String)
    case allBut(String)
    /// What Redis answers with an error of this code by its own rules.
    case redis(answering: String)

    /// Those that are refused on such a link: all but what sets a connection up, on protocols where a connection that could not
    /// be set up would be no connection at all.
    static func refused(on link: LinkProtocol) -> OwnOperations? {
        switch link {
        case .redis: .redis(answering: "ERR")
        case .bolt: .allBut("startup")
        case .tcp, .http, .postgres: nil
        }
    }

    package func contains(_ operation: String) -> Bool {
        switch self {
        case .only(let pattern): Glob(pattern).matches(operation)
        case .allBut(let pattern): !Glob(pattern).matches(operation)
        case .redis(let code): RedisErrorReply(prefix: code).isOwnAnswer(to: operation)
        }
    }
}
