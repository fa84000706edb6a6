/// An error as Redis replies it (RESP, simple errors): a code in capitals, then what it says.
package struct RedisErrorReply: Hashable, Sendable {
    /// `LOADING`, `READONLY`, `OOM`, ...
    package var prefix: String
    /// `nil` lets the dialect word it as the real server does.
    package var message: String?

    package init(prefix: String, message: String? = nil) {
        self.prefix = prefix
        self.message = message
    }

    /// The error with which Redis refuses: worth trying again, or not.
    package init(_ refusal: Refusal) {
        switch refusal {
        case .retryable: self.init(prefix: "LOADING")
        case .permanent: self.init(prefix: "NOPERM")
        }
    }

    /// Whether a server that answers so would answer this command so, by the server's own rules (`processCommand`).
    package func isOwnAnswer(to operation: String) -> Bool {
        let traits = RedisCommandList.traits[operation] ?? []
        return switch prefix {
        case "LOADING": !traits.contains(.loading)
        case "MASTERDOWN": !traits.contains(.stale)
        case "READONLY", "MISCONF", "NOREPLICAS": traits.contains(.write)
        case "OOM": traits.contains(.needsMemory)
        default: !traits.contains(.setUp)
        }
    }

    package var wording: String { message ?? Self.wordings[prefix] ?? "the command failed" }

    /// In the words of Redis 7 (`server.c`, `acl.c`, `cluster.c`).
    private static let wordings = [
        "BUSY": "Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
        "CLUSTERDOWN": "The cluster is down",
        "ERR": "the command failed",
        "LOADING": "Redis is loading the dataset in memory",
        "MASTERDOWN": "Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        "MISCONF":
            "Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may "
            + "modify the data set are disabled, because this instance is configured to report errors during writes if "
            + "RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details "
            + "about the RDB error.",
        "NOAUTH": "Authentication required.",
        "NOPERM": "this user has no permissions to run this command",
        "NOREPLICAS": "Not enough good replicas to write.",
        "NOSCRIPT": "No matching script. Please use EVAL.",
        "OOM": "command not allowed when used memory > 'maxmemory'.",
        "READONLY": "You can't write against a read only replica.",
        "TRYAGAIN": "Multiple keys request during rehashing of slot",
        "WRONGTYPE": "Operation against a key holding the wrong kind of value",
    ]
}
