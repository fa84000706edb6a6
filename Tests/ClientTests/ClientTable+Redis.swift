import Stores

/// The clients of Redis.
///
/// An increment, which redis-py sends as INCRBY, shows what a retry does: the application is told how often it was done. redis-py 5 tries once, 6 four times
/// with seconds between, 8 eleven times with a second at most; `first: 1` strikes the first attempt and lets the second pass.
extension ClientTable {
    private static func failed(_ kind: String, says text: String = "") -> Expected {
        .raises("redis.exceptions.\(kind)", says: text)
    }

    private static let lost = failed("ConnectionError")
    private static let loading = failed("BusyLoadingError")

    static let redis: [ClientCell] = [
        redisOnce(.redis(.five)), redisAgain(.redis(.six)), redisAgain(.redis(.newest)), redisGivesUp, redisParser,
        redisErrors(.redis(.five)), redisErrors(.redis(.newest)), redisLoading, redisTransactions(.redis(.five)),
        redisTransactions(.redis(.newest)), redisHangs, hiredis, redisCLI,
    ].flatMap { $0 }

    /// A client that tries nothing again.
    private static func redisOnce(_ client: Client) -> [ClientCell] {
        [
            .init(client, "set", "lose-request", at: "SET", lost, stored: 0),
            .init(client, "set", "lose-response", at: "SET", lost, stored: 1),
            .init(client, "get", "lose-response", at: "GET", lost),
            .init(client, "get", "truncate: { after: 3B }", at: "GET", lost),
            .init(client, "increment", "lose-request", at: "INCRBY", lost, stored: 0),
            .init(client, "increment", "lose-response", at: "INCRBY", lost, stored: 1),
            .init(client, "increment", "hang-request", at: "INCRBY", lost, stored: 0),
            .init(client, "increment", "hang-response", at: "INCRBY", lost, stored: 1),
            .init(client, "increment", "truncate: { after: 1B }", at: "INCRBY", lost, stored: 1),
            .init(client, "increment", "error", at: "INCRBY", loading, stored: 0),
            .init(client, "increment", "error-after-apply", at: "INCRBY", loading, stored: 1),
            .init(client, "pipeline", "lose-request", at: "RPUSH", when: "first: 1", lost, stored: 0, attempts: 1...3),
            .init(client, "pipeline", "lose-response", at: "RPUSH", when: "first: 1", lost, stored: 3, attempts: 3),
            .init(client, "script", "lose-request", at: "EVAL", lost, stored: 0),
            .init(client, "script", "lose-response", at: "EVAL", lost, stored: 2),
            .init(client, "pop", "lose-request", at: "BLPOP", lost, stored: 1),
            .init(client, "pop", "lose-response", at: "BLPOP", lost, stored: 0),
            .init(client, "transaction", "lose-request", at: "EXEC", lost, stored: 0),
            .init(client, "transaction", "lose-response", at: "EXEC", lost, stored: 2),
        ]
    }

    /// The same of clients that try again, when the second attempt passes.
    private static func redisAgain(_ client: Client) -> [ClientCell] {
        func again(
            _ operation: String, _ fault: String, at wire: String, _ value: JSON, stored: Int? = nil,
            attempts: ClosedRange<Int> = 2...2
        ) -> ClientCell {
            .init(
                client, operation, fault, at: wire, when: "first: 1", .gives(value), stored: stored, attempts: attempts)
        }
        return [
            again("set", "lose-request", at: "SET", true, stored: 1),
            again("set", "lose-response", at: "SET", true, stored: 1),
            again("get", "lose-response", at: "GET", "standing"),
            again("get", "truncate: { after: 3B }", at: "GET", "standing"),
            again("increment", "lose-request", at: "INCRBY", 1, stored: 1),
            again("increment", "lose-response", at: "INCRBY", 2, stored: 2),
            again("increment", "hang-request", at: "INCRBY", 1, stored: 1),
            again("increment", "hang-response", at: "INCRBY", 2, stored: 2),
            again("increment", "truncate: { after: 1B }", at: "INCRBY", 2, stored: 2),
            again("increment", "error", at: "INCRBY", 1, stored: 1),
            again("increment", "error-after-apply", at: "INCRBY", 2, stored: 2),
            again("pipeline", "lose-request", at: "RPUSH", [1, 2, 3], stored: 3, attempts: 4...6),
            again("pipeline", "lose-response", at: "RPUSH", [4, 5, 6], stored: 6, attempts: 6...6),
            again("script", "lose-request", at: "EVAL", 2, stored: 2),
            again("script", "lose-response", at: "EVAL", 4, stored: 4),
            again("pop", "lose-request", at: "BLPOP", "element", stored: 0),
            // The element is gone, and the application has seen none.
            again("pop", "lose-response", at: "BLPOP", .null, stored: 0),
            again("transaction", "lose-request", at: "EXEC", [1, 2], stored: 2),
            again("transaction", "lose-response", at: "EXEC", [3, 4], stored: 4),
        ]
    }

    /// Each attempt is struck.
    private static let redisGivesUp: [ClientCell] = [
        .init(.redis(.six), "increment", "lose-request", at: "INCRBY", lost, stored: 0, attempts: 4),
        .init(.redis(.six), "increment", "lose-response", at: "INCRBY", lost, stored: 4, attempts: 4),
        .init(.redis(.newest), "increment", "lose-request", at: "INCRBY", lost, stored: 0, attempts: 11),
        .init(.redis(.newest), "increment", "lose-response", at: "INCRBY", lost, stored: 11, attempts: 11),
    ]

    /// A parser in C changes nothing of this.
    private static let redisParser: [ClientCell] = [
        .init(
            .redis(.parser), "increment", "lose-request", at: "INCRBY", when: "first: 1", .gives(1), stored: 1,
            attempts: 2),
        .init(.redis(.parser), "increment", "lose-response", at: "INCRBY", lost, stored: 11, attempts: 11),
        .init(
            .redis(.parser), "increment", "truncate: { after: 1B }", at: "INCRBY", when: "first: 1", .gives(2),
            stored: 2,
            attempts: 2),
        .init(
            .redis(.parser), "transaction", "lose-response", at: "EXEC", when: "first: 1", .gives([3, 4]), stored: 4,
            attempts: 2),
        .init(.redis(.parser), "increment", "permanent-error", at: "INCRBY", failed("NoPermissionError"), stored: 0),
        .init(
            .redis(.parser), "increment", "redis-error: { prefix: OOM }", at: "INCRBY", failed("OutOfMemoryError"),
            stored: 0),
        .init(
            .redis(.parser), "pop", "lose-response", at: "BLPOP", when: "first: 1", .gives(.null), stored: 0,
            attempts: 2),
    ]

    /// What is not tried again by any version, and what breaks nothing.
    private static func redisErrors(_ client: Client) -> [ClientCell] {
        let isOld = client == .redis(.five)
        func error(_ prefix: String, _ kind: String, says text: String) -> ClientCell {
            .init(
                client, "increment", "redis-error: { prefix: \(prefix) }", at: "INCRBY", failed(kind, says: text),
                stored: 0)
        }
        return [
            error("READONLY", "ReadOnlyError", says: "You can't write against a read only replica."),
            error("OOM", "OutOfMemoryError", says: "command not allowed when used memory > 'maxmemory'."),
            error("BUSY", "ResponseError", says: "BUSY Redis is busy running a script."),
            // Version 5 has no classes for these.
            error("MASTERDOWN", isOld ? "ResponseError" : "MasterDownError", says: "Link with MASTER is down"),
            error("CLUSTERDOWN", isOld ? "ResponseError" : "ClusterDownError", says: "The cluster is down"),
            error("MISCONF", "ResponseError", says: "MISCONF"),
            error("NOREPLICAS", "ResponseError", says: "NOREPLICAS"),
            .init(
                client, "increment", "redis-error: { prefix: OOM, after-apply: true }", at: "INCRBY",
                failed("OutOfMemoryError"), stored: 1),
            .init(client, "increment", "permanent-error", at: "INCRBY", failed("NoPermissionError"), stored: 0),
            .init(client, "increment", "delay: { time: 50ms }", at: "INCRBY", .gives(1), stored: 1),
            .init(client, "increment", "duplicate-request", at: "INCRBY", .gives(1), stored: 2),
            // The others of the pipeline are applied.
            .init(
                client, "pipeline", "redis-error: { prefix: OOM }", at: "RPUSH", when: "nth: 2",
                failed("OutOfMemoryError"), stored: 2, attempts: 3),
            .init(
                client, "script", "redis-error: { prefix: BUSY }", at: "EVAL", failed("ResponseError", says: "BUSY"),
                stored: 0),
            .init(client, "pop", "permanent-error", at: "BLPOP", failed("NoPermissionError"), stored: 1),
        ]
    }

    /// LOADING is an error of the connection to redis-py, so it tries again.
    private static let redisLoading: [ClientCell] = [
        .init(
            .redis(.five), "increment", "redis-error: { prefix: LOADING }", at: "INCRBY", loading, stored: 0),
        .init(
            .redis(.newest), "increment", "redis-error: { prefix: LOADING }", at: "INCRBY", loading, stored: 0,
            attempts: 11),
        .init(
            .redis(.six), "increment", "redis-error: { prefix: LOADING }", at: "INCRBY", loading, stored: 0,
            attempts: 4),
        .init(
            .redis(.six), "increment", "redis-error: { prefix: READONLY }", at: "INCRBY", failed("ReadOnlyError"),
            stored: 0),
        .init(.redis(.six), "increment", "permanent-error", at: "INCRBY", failed("NoPermissionError"), stored: 0),
    ]

    /// An error in place of QUEUED has EXEC refused, and EXEC refused itself says why, both as the server does it.
    private static func redisTransactions(_ client: Client) -> [ClientCell] {
        let aborted = "Transaction discarded because of: "
        return [
            .init(
                client, "transaction", "redis-error: { prefix: OOM }", at: "INCRBY", when: "first: 1",
                failed("OutOfMemoryError"), stored: 0, attempts: 2),
            .init(
                client, "transaction", "redis-error: { prefix: READONLY }", at: "EXEC",
                failed("ExecAbortError", says: aborted + "READONLY"), stored: 0),
            .init(
                client, "transaction", "permanent-error", at: "EXEC",
                failed("ExecAbortError", says: aborted + "NOPERM"),
                stored: 0),
            .init(client, "transaction", "delay: { time: 50ms }", at: "EXEC", .gives([1, 2]), stored: 2),
        ]
    }

    /// Of redis-py 5 and 6 no answer is ever late; 8 gives up after five seconds, and tries again.
    private static let redisHangs: [ClientCell] = [
        .init(.redis(.five), "transaction", "hang-response", at: "EXEC", lost, stored: 2),
        .init(.redis(.five), "transaction", "hang-request", at: "EXEC", lost, stored: 0),
        .init(.redis(.five), "pop", "hang-response", at: "BLPOP", lost, stored: 0),
        .init(
            .redis(.six), "transaction", "hang-response", at: "EXEC", when: "first: 1", .gives([3, 4]), stored: 4,
            attempts: 2),
        .init(
            .redis(.newest), "transaction", "hang-response", at: "EXEC", when: "first: 1", .gives([3, 4]), stored: 4,
            attempts: 2),
    ]

    private static let broken = Expected.raises("REDIS_ERR_IO", says: "Connection reset by peer")

    private static func replied(_ prefix: String) -> Expected { .raises("REDIS_REPLY_ERROR", code: prefix) }

    private static let hiredis: [ClientCell] = [
        .init(.hiredis, "set", "lose-request", at: "SET", broken, stored: 0),
        .init(.hiredis, "set", "lose-response", at: "SET", broken, stored: 1),
        .init(.hiredis, "increment", "hang-request", at: "INCR", broken, stored: 0),
        .init(.hiredis, "increment", "hang-response", at: "INCR", broken, stored: 1),
        .init(.hiredis, "increment", "delay: { time: 50ms }", at: "INCR", .gives(1), stored: 1),
        .init(.hiredis, "increment", "duplicate-request", at: "INCR", .gives(1), stored: 2),
        .init(
            .hiredis, "increment", "truncate: { after: 1B }", at: "INCR",
            .raises("REDIS_ERR_EOF", says: "Server closed the connection"), stored: 1),
        .init(.hiredis, "increment", "error", at: "INCR", replied("LOADING"), stored: 0),
        .init(.hiredis, "increment", "error-after-apply", at: "INCR", replied("LOADING"), stored: 1),
        .init(.hiredis, "increment", "permanent-error", at: "INCR", replied("NOPERM"), stored: 0),
        .init(
            .hiredis, "pipeline", "redis-error: { prefix: READONLY }", at: "RPUSH", when: "nth: 2", replied("READONLY"),
            stored: 2, attempts: 3),
        .init(.hiredis, "transaction", "lose-request", at: "EXEC", broken, stored: 0),
        .init(.hiredis, "transaction", "lose-response", at: "EXEC", broken, stored: 2),
        .init(
            .hiredis, "transaction", "redis-error: { prefix: OOM }", at: "INCR", when: "first: 1", replied("OOM"),
            stored: 0, attempts: 2),
    ]

    /// A command that it is started for. Lines on its standard input it takes for a session, and ends well whatever came of
    /// them.
    private static let redisCLI: [ClientCell] = [
        .init(.redisCLI, "increment", "lose-request", at: "INCR", .exits(1), stored: 0),
        .init(.redisCLI, "increment", "lose-response", at: "INCR", .exits(1), stored: 1),
        .init(.redisCLI, "increment", "hang-request", at: "INCR", .exits(1), stored: 0),
        .init(.redisCLI, "increment", "hang-response", at: "INCR", .exits(1), stored: 1),
        .init(.redisCLI, "increment", "delay: { time: 50ms }", at: "INCR", .exits(0, says: "1"), stored: 1),
        .init(.redisCLI, "increment", "duplicate-request", at: "INCR", .exits(0, says: "1"), stored: 2),
        .init(.redisCLI, "increment", "error", at: "INCR", .exits(1, says: "LOADING Redis is loading"), stored: 0),
        .init(.redisCLI, "increment", "error-after-apply", at: "INCR", .exits(1, says: "LOADING"), stored: 1),
        .init(.redisCLI, "increment", "permanent-error", at: "INCR", .exits(1, says: "NOPERM"), stored: 0),
        .init(
            .redisCLI, "increment", "redis-error: { prefix: READONLY }", at: "INCR",
            .exits(1, says: "READONLY You can't write against a read only replica."), stored: 0),
        .init(.redisCLI, "get", "truncate: { after: 3B }", at: "GET", .exits(1)),
        .init(.redisCLI, "transaction", "lose-request", at: "EXEC", .exits(0), stored: 0),
        .init(.redisCLI, "transaction", "lose-response", at: "EXEC", .exits(0), stored: 2),
    ]
}
