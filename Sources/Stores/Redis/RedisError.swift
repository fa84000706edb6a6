/// Error replies of Redis: a prefix in capitals, then text.
enum RedisError {
    /// Prefixes after which the same command may succeed later.
    private static let transient: Set = [
        "LOADING", "BUSY", "MASTERDOWN", "READONLY", "OOM", "CLUSTERDOWN", "TRYAGAIN", "NOREPLICAS", "MISCONF",
    ]

    /// The server is a replica now, and another one is master.
    static func isOfReplica(_ reply: RedisReply) -> Bool {
        if case .error(let text) = reply { text.hasPrefix("READONLY ") } else { false }
    }

    static func error(_ text: String, operation: String) -> StoreError {
        let prefix = text.prefix { $0 != " " }
        // `ERR max number of clients reached`, at the connection's start.
        let isTransient = transient.contains(String(prefix)) || text.contains("max number of clients")
        return StoreError(
            service: "redis", operation: operation, outcome: .definite, isTransient: isTransient,
            code: String(prefix), message: text)
    }
}
