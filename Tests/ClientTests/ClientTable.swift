import Stores

/// What real clients make of faults on messages: client, operation, fault, what it comes to, what is stored then, and how
/// often the client has asked.
///
/// The classes are those that the real service would cause. A COPY of three rows, and a pipeline of three statements, count
/// three.
enum ClientTable {
    static let cells = [
        psycopgSimple, psycopgExtended, psycopgPipeline, psycopgCopyIn, psycopgCopyOut, psycopgTransaction,
        sqlErrors, startUp, psql, pgbench, pgDump, s3Writes, s3Reads, s3Multipart, openai, openaiStatuses, openaiQuota,
        openaiBodies, qdrantWrites, qdrantReads, curl,
    ].flatMap { $0 }

    private static let lost = Expected.raises("psycopg.OperationalError")
    private static let serialization = Expected.raises("psycopg.errors.SerializationFailure", code: "40001")
    private static let forbidden = Expected.raises("psycopg.errors.InsufficientPrivilege", code: "42501")

    // MARK: PostgreSQL

    static let psycopgSimple: [ClientCell] = [
        .init(.psycopg(.simple), "write", "lose-request", at: "INSERT *", lost, stored: 0),
        .init(.psycopg(.simple), "write", "lose-response", at: "INSERT *", lost, stored: 1),
        .init(.psycopg(.simple), "write", "hang-request", at: "INSERT *", lost, stored: 0),
        .init(.psycopg(.simple), "write", "hang-response", at: "INSERT *", lost, stored: 1),
        .init(.psycopg(.simple), "write", "delay: { time: 50ms }", at: "INSERT *", .gives("written"), stored: 1),
        .init(.psycopg(.simple), "write", "duplicate-request", at: "INSERT *", .gives("written"), stored: 2),
        .init(.psycopg(.simple), "write", "truncate: { after: 4B }", at: "INSERT *", lost, stored: 1),
        .init(.psycopg(.simple), "write", "error", at: "INSERT *", serialization, stored: 0),
        .init(.psycopg(.simple), "write", "error-after-apply", at: "INSERT *", serialization, stored: 1),
        .init(.psycopg(.simple), "write", "permanent-error", at: "INSERT *", forbidden, stored: 0),
    ]

    static let psycopgExtended: [ClientCell] = [
        .init(.psycopg(.extended), "write", "lose-request", at: "INSERT *", lost, stored: 0),
        .init(.psycopg(.extended), "write", "lose-response", at: "INSERT *", lost, stored: 1),
        .init(.psycopg(.extended), "write", "hang-request", at: "INSERT *", lost, stored: 0),
        .init(.psycopg(.extended), "write", "hang-response", at: "INSERT *", lost, stored: 1),
        .init(.psycopg(.extended), "write", "delay: { time: 50ms }", at: "INSERT *", .gives("written"), stored: 1),
        .init(.psycopg(.extended), "write", "duplicate-request", at: "INSERT *", .gives("written"), stored: 2),
        .init(.psycopg(.prepared), "write", "duplicate-request", at: "INSERT *", .gives("written"), stored: 2),
        .init(.psycopg(.extended), "write", "truncate: { after: 4B }", at: "INSERT *", lost, stored: 1),
        .init(.psycopg(.extended), "write", "error", at: "INSERT *", serialization, stored: 0),
        .init(.psycopg(.prepared), "write", "error", at: "INSERT *", serialization, stored: 0),
        .init(.psycopg(.extended), "write", "error-after-apply", at: "INSERT *", serialization, stored: 1),
        .init(.psycopg(.extended), "write", "permanent-error", at: "INSERT *", forbidden, stored: 0),
        .init(
            .psycopg(.extended), "read", "lose-request", at: "SELECT*", lost),
        .init(.psycopg(.extended), "read", "lose-response", at: "SELECT*", lost),
        .init(.psycopg(.extended), "read", "truncate: { after: 1KiB }", at: "SELECT*", lost),
        .init(.psycopg(.extended), "read", "duplicate-request", at: "SELECT*", .gives(1000)),
        .init(.psycopg(.extended), "read", "error-after-apply", at: "SELECT*", serialization),
        .init(.psycopg(.simple), "read", "error-after-apply", at: "SELECT*", serialization),
    ]

    /// Three statements that a Sync makes one transaction; the fault strikes the first, and the server skips the others.
    static let psycopgPipeline: [ClientCell] = [
        .init(
            .psycopg(.pipeline), "write", "lose-request", at: "INSERT *", when: "first: 1", lost, stored: 0),
        .init(
            .psycopg(.pipeline), "write", "lose-response", at: "INSERT *", when: "first: 1", lost, stored: 3,
            attempts: 3),
        .init(.psycopg(.pipeline), "write", "hang-request", at: "INSERT *", when: "first: 1", lost, stored: 0),
        .init(
            .psycopg(.pipeline), "write", "delay: { time: 50ms }", at: "INSERT *", when: "first: 1",
            .gives("written"), stored: 3, attempts: 3),
        .init(
            .psycopg(.pipeline), "write", "duplicate-request", at: "INSERT *", when: "first: 1", .gives("written"),
            stored: 4, attempts: 3),
        .init(
            .psycopg(.pipeline), "write", "error", at: "INSERT *", when: "first: 1", serialization, stored: 0,
            attempts: 1...3),
        .init(
            .psycopg(.pipeline), "write", "permanent-error", at: "INSERT *", when: "nth: 3", forbidden, stored: 0,
            attempts: 3),
        .init(
            .psycopg(.pipeline), "write", "error-after-apply", at: "INSERT *", when: "nth: 3", serialization,
            stored: 3, attempts: 3),
    ]

    static let psycopgCopyIn: [ClientCell] = [
        .init(.psycopg(.extended), "copy-in", "lose-request", at: "COPY *", lost, stored: 0),
        .init(.psycopg(.extended), "copy-in", "lose-response", at: "COPY *", lost, stored: 0),
        .init(.psycopg(.extended), "copy-in", "hang-request", at: "COPY *", lost, stored: 0),
        .init(.psycopg(.extended), "copy-in", "hang-response", at: "COPY *", lost, stored: 0),
        .init(.psycopg(.extended), "copy-in", "delay: { time: 50ms }", at: "COPY *", .gives("copied"), stored: 3),
        .init(.psycopg(.extended), "copy-in", "truncate: { after: 4B }", at: "COPY *", lost, stored: 0),
        .init(.psycopg(.extended), "copy-in", "error", at: "COPY *", serialization, stored: 0),
        .init(.psycopg(.extended), "copy-in", "error-after-apply", at: "COPY *", serialization, stored: 3),
        .init(.psycopg(.extended), "copy-in", "permanent-error", at: "COPY *", forbidden, stored: 0),
    ]

    static let psycopgCopyOut: [ClientCell] = [
        .init(.psycopg(.extended), "copy-out", "lose-request", at: "COPY*", lost),
        .init(.psycopg(.extended), "copy-out", "lose-response", at: "COPY*", lost),
        .init(.psycopg(.extended), "copy-out", "truncate: { after: 1KiB }", at: "COPY*", lost),
        .init(.psycopg(.extended), "copy-out", "error", at: "COPY*", serialization),
        .init(.psycopg(.extended), "copy-out", "error-after-apply", at: "COPY*", serialization),
    ]

    /// The row is written between BEGIN and COMMIT.
    static let psycopgTransaction: [ClientCell] = [
        .init(.psycopg(.extended), "transaction", "lose-request", at: "COMMIT", lost, stored: 0),
        .init(.psycopg(.extended), "transaction", "lose-response", at: "COMMIT", lost, stored: 1),
        .init(.psycopg(.extended), "transaction", "hang-request", at: "COMMIT", lost, stored: 0),
        .init(.psycopg(.extended), "transaction", "hang-response", at: "COMMIT", lost, stored: 1),
        .init(.psycopg(.extended), "transaction", "error", at: "COMMIT", serialization, stored: 0),
        .init(.psycopg(.extended), "transaction", "error-after-apply", at: "COMMIT", serialization, stored: 1),
        .init(
            .psycopg(.extended), "transaction", "duplicate-request", at: "COMMIT", .gives("committed"), stored: 1),
        .init(.psycopg(.extended), "transaction", "lose-response", at: "INSERT *", lost, stored: 0),
        .init(.psycopg(.extended), "transaction", "error", at: "INSERT *", serialization, stored: 0),
        .init(
            .psycopg(.simple), "failed-transaction", "error", at: "INSERT *",
            .gives(["40001", "INERROR", "25P02", 1]), stored: 0),
        .init(
            .psycopg(.extended), "failed-transaction", "error", at: "INSERT *",
            .gives(["40001", "INERROR", "25P02", 1]), stored: 0),
        .init(
            .psycopg(.extended), "failed-transaction", "error-after-apply", at: "INSERT *",
            .gives(["40001", "INERROR", "25P02", 1]), stored: 0),
    ]

    private static func sqlError(_ sqlstate: String, _ kind: String, _ text: String) -> ClientCell {
        .init(
            .psycopg(.extended), "transaction", "sql-error: { sqlstate: \(sqlstate) }", at: "INSERT *",
            .raises("psycopg.errors.\(kind)", code: sqlstate, says: text), stored: 0)
    }

    static let sqlErrors: [ClientCell] = [
        sqlError("40001", "SerializationFailure", "could not serialize access due to concurrent update"),
        sqlError("40P01", "DeadlockDetected", "deadlock detected"),
        sqlError("57P01", "AdminShutdown", "terminating connection due to administrator command"),
        sqlError("57014", "QueryCanceled", "canceling statement due to statement timeout"),
        sqlError("25006", "ReadOnlySqlTransaction", "read-only transaction"),
        sqlError("53100", "DiskFull", "No space left on device"),
        sqlError("53200", "OutOfMemory", "out of memory"),
        sqlError("55P03", "LockNotAvailable", "lock timeout"),
        sqlError("23505", "UniqueViolation", "duplicate key value violates unique constraint"),
        sqlError("23503", "ForeignKeyViolation", "violates foreign key constraint"),
        .init(
            .psycopg(.extended), "transaction", "sql-error: { sqlstate: 40001, after-apply: true }", at: "COMMIT",
            serialization, stored: 1),
        .init(
            .psycopg(.extended), "transaction", "sql-error: { sqlstate: 57P01 }", at: "COMMIT",
            .raises("psycopg.errors.AdminShutdown", code: "57P01"), stored: 0),
    ]

    private static func refused(_ client: Client, _ sqlstate: String, _ outcome: Expected) -> ClientCell {
        .init(
            client, client == .psql ? "command" : "write", "sql-error: { sqlstate: \(sqlstate) }", at: "startup",
            outcome, stored: 0)
    }

    static let startUp: [ClientCell] = [
        refused(
            .psycopg(.simple), "53300",
            .raises("psycopg.OperationalError", says: "FATAL:  sorry, too many clients already")),
        refused(
            .psycopg(.simple), "57P03",
            .raises("psycopg.OperationalError", says: "FATAL:  the database system is starting up")),
        refused(
            .psycopg(.simple), "28P01", .raises("psycopg.OperationalError", says: "password authentication failed")),
        refused(.psycopg(.simple), "3D000", .raises("psycopg.OperationalError", says: "does not exist")),
        refused(.psql, "53300", .exits(2, says: "FATAL:  sorry, too many clients already")),
        .init(.psycopg(.simple), "write", "lose-request", at: "startup", lost, stored: 0),
        .init(.psycopg(.simple), "write", "lose-response", at: "startup", lost, stored: 0),
    ]

    static let psql: [ClientCell] = [
        .init(
            .psql, "command", "lose-request", at: "INSERT *",
            .exits(2, says: "connection to server was lost"), stored: 0),
        .init(
            .psql, "command", "lose-response", at: "INSERT *",
            .exits(2, says: "connection to server was lost"), stored: 1),
        .init(
            .psql, "command", "hang-response", at: "INSERT *",
            .exits(2, says: "connection to server was lost"), stored: 1),
        .init(
            .psql, "command", "error", at: "INSERT *",
            .exits(1, says: "ERROR:  could not serialize access due to concurrent update"), stored: 0),
        .init(
            .psql, "script", "error-after-apply", at: "INSERT *",
            .exits(3, says: "ERROR:  could not serialize access due to concurrent update"), stored: 1),
        .init(
            .psql, "script", "permanent-error", at: "INSERT *", .exits(3, says: "ERROR:  permission denied"),
            stored: 0),
        .init(
            .psql, "command", "sql-error: { sqlstate: 57P01 }", at: "INSERT *",
            .exits(2, says: "FATAL:  terminating connection due to administrator command"), stored: 0),
        .init(.psql, "command", "duplicate-request", at: "INSERT *", .exits(0, says: "INSERT 0 1"), stored: 2),
        .init(.psql, "read", "truncate: { after: 2KiB }", at: "SELECT*", .exits(2)),
    ]

    static let pgbench: [ClientCell] = [
        .init(
            .pgbench, "simple", "error", at: "INSERT *", when: "first: 1",
            .exits(0, says: "number of transactions retried: 1"), stored: 1, attempts: 2),
        .init(
            .pgbench, "extended", "error", at: "INSERT *", when: "first: 1",
            .exits(0, says: "number of transactions retried: 1"), stored: 1, attempts: 2),
        .init(
            .pgbench, "prepared", "sql-error: { sqlstate: 40P01 }", at: "INSERT *",
            .exits(0, says: "number of failed transactions: 1"), stored: 0, attempts: 2),
        .init(
            .pgbench, "simple", "permanent-error", at: "INSERT *", .exits(2, says: "permission denied"), stored: 0),
        .init(.pgbench, "prepared", "lose-response", at: "INSERT *", .exits(2, says: "aborted"), stored: 1),
        .init(.pgbench, "extended", "lose-request", at: "INSERT *", .exits(2, says: "aborted"), stored: 0),
    ]

    static let pgDump: [ClientCell] = [
        .init(.pgDump, "dump", "lose-response", at: "COPY *", .exits(1, says: "error")),
        .init(.pgDump, "dump", "error", at: "COPY *", .exits(1, says: "could not serialize access")),
        .init(.pgDump, "dump", "permanent-error", at: "LOCK *", .exits(1, says: "permission denied")),
        .init(.pgDump, "dump", "truncate: { after: 3B }", at: "COPY *", .exits(1, says: "error")),
    ]

    // MARK: S3

    private static let closed = Expected.raises("botocore.exceptions.ConnectionClosedError")
    private static let silent = Expected.raises("botocore.exceptions.ReadTimeoutError")
    private static let cutShort = Expected.raises("botocore.exceptions.ResponseStreamingError", says: "IncompleteRead")

    private static func refused(_ code: String) -> Expected {
        .raises("botocore.exceptions.ClientError", code: code)
    }

    static let s3Writes: [ClientCell] = [
        .init(.boto3(attempts: 2), "put", "lose-request", at: "PutObject", closed, stored: 0, attempts: 2),
        .init(
            .boto3(attempts: 2), "put", "lose-request", at: "PutObject", when: "first: 1", .gives("put"), stored: 1,
            attempts: 2),
        .init(.boto3(attempts: 2), "put", "lose-response", at: "PutObject", closed, stored: 1, attempts: 2),
        .init(.boto3, "put", "hang-request", at: "PutObject", silent, stored: 0),
        .init(.boto3, "put", "hang-response", at: "PutObject", silent, stored: 1),
        .init(.boto3, "put", "delay: { time: 50ms }", at: "PutObject", .gives("put"), stored: 1),
        .init(.boto3, "put", "duplicate-request", at: "PutObject", .gives("put"), stored: 1),
        .init(.boto3, "put", "error", at: "PutObject", refused("SlowDown"), stored: 0),
        .init(.boto3, "put", "error-after-apply", at: "PutObject", refused("SlowDown"), stored: 1),
        .init(.boto3(attempts: 2), "put", "permanent-error", at: "PutObject", refused("AccessDenied"), stored: 0),
        .init(
            .boto3(attempts: 2), "put", "slow-down", at: "PutObject", refused("SlowDown"), stored: 0, attempts: 2),
        .init(
            .boto3(attempts: 2), "put", "slow-down", at: "PutObject", when: "first: 1", .gives("put"), stored: 1,
            attempts: 2),
        .init(.boto3, "put", "internal-error", at: "PutObject", refused("InternalError"), stored: 0),
        .init(
            .boto3, "put", "internal-error: { applied: true }", at: "PutObject", refused("InternalError"), stored: 1),
        .init(.boto3, "delete", "lose-request", at: "DeleteObject", closed, stored: 1),
        .init(.boto3, "delete", "lose-response", at: "DeleteObject", closed, stored: 0),
        .init(
            .boto3, "delete", "error-after-apply", at: "DeleteObject", refused("SlowDown"), stored: 0),
    ]

    static let s3Reads: [ClientCell] = [
        .init(.boto3(attempts: 2), "get", "truncate: { after: 100B }", at: "GetObject", cutShort),
        .init(.boto3(attempts: 2), "get", "wrong-length: { by: 10B }", at: "GetObject", cutShort),
        .init(
            .boto3, "get", "wrong-length: { by: -10B }", at: "GetObject",
            .raises("botocore.exceptions.FlexibleChecksumError")),
        .init(.boto3, "get", "remove-header: { name: Content-Type }", at: "GetObject", .gives(["whole", .null])),
        .init(
            .boto3, "get", "set-header: { name: Content-Type, value: binary/octet-stream }", at: "GetObject",
            .gives(["whole", "binary/octet-stream"])),
        .init(
            .boto3, "list", "malformed-body", at: "ListObjectsV2",
            .raises("botocore.exceptions.ClientError", code: "500")),
        .init(
            .boto3, "get", "status: { code: 404 }", at: "GetObject",
            .raises("botocore.errorfactory.NoSuchKey", code: "NoSuchKey")),
        .init(.boto3, "get", "status: { code: 403 }", at: "GetObject", refused("AccessDenied")),
        .init(.boto3, "get", "lose-response", at: "GetObject", closed),
        .init(.boto3, "range", "truncate: { after: 5B }", at: "GetObject", cutShort),
        .init(.boto3, "range", "error", at: "GetObject", refused("SlowDown")),
        .init(.boto3, "list", "lose-response", at: "ListObjectsV2", closed),
        .init(
            .boto3(attempts: 2), "list", "status: { code: 500 }", at: "ListObjectsV2", when: "first: 1",
            .gives(["standing"]), attempts: 2),
        .init(.boto3, "head", "status: { code: 503 }", at: "HeadObject", refused("503")),
    ]

    static let s3Multipart: [ClientCell] = [
        .init(
            .boto3(attempts: 2), "multipart", "slow-down", at: "UploadPart", when: "nth: 2", .gives("completed"),
            stored: 1, attempts: 3),
        .init(.boto3, "multipart", "lose-response", at: "UploadPart", when: "nth: 2", closed, stored: 0, attempts: 2),
        .init(
            .boto3, "multipart", "rate-limit: { limit: 1, per: 1h }", at: "UploadPart", refused("SlowDown"), stored: 0,
            attempts: 2),
        .init(.boto3, "multipart", "lose-request", at: "CompleteMultipartUpload", closed, stored: 0),
        .init(.boto3, "multipart", "lose-response", at: "CompleteMultipartUpload", closed, stored: 1),
        .init(
            .boto3, "multipart", "error-after-apply", at: "CompleteMultipartUpload", refused("SlowDown"), stored: 1),
    ]

    // MARK: OpenAI

    private static let unreachable = Expected.raises("openai.APIConnectionError")
    private static let embedded = Expected.gives([[1536, 0], [1536, 1], [1536, 2]])

    static let openai: [ClientCell] = [
        .init(.openai(attempts: 2), "embed", "lose-request", at: "embeddings", unreachable, attempts: 2),
        .init(.openai(attempts: 2), "embed", "lose-request", at: "embeddings", when: "first: 1", embedded, attempts: 2),
        .init(.openai, "embed", "lose-response", at: "embeddings", unreachable),
        .init(.openai, "embed", "hang-request", at: "embeddings", .raises("openai.APITimeoutError")),
        .init(.openai, "embed", "hang-response", at: "embeddings", .raises("openai.APITimeoutError")),
        .init(.openai, "embed", "delay: { time: 50ms }", at: "embeddings", embedded),
        .init(.openai, "embed", "duplicate-request", at: "embeddings", embedded),
        .init(.openai, "embed", "truncate: { after: 100B }", at: "embeddings", unreachable),
        .init(.openai, "embed", "wrong-length: { by: 10B }", at: "embeddings", unreachable),
        .init(
            .openai, "embed", "wrong-length: { by: -10B }", at: "embeddings", .raises("json.decoder.JSONDecodeError")),
        .init(
            .openai(attempts: 2), "embed", "error", at: "embeddings",
            .raises("openai.InternalServerError", code: "503"), attempts: 2),
        .init(
            .openai, "embed", "error-after-apply", at: "embeddings",
            .raises("openai.InternalServerError", code: "503")),
        .init(
            .openai(attempts: 2), "embed", "permanent-error", at: "embeddings",
            .raises("openai.BadRequestError", code: "400")),
        .init(
            .openai(attempts: 2), "embed", "insufficient-quota", at: "embeddings",
            .raises("openai.RateLimitError", code: "insufficient_quota"), attempts: 2),
        .init(.openai, "embed", "remove-header: { name: Content-Type }", at: "embeddings", embedded),
        .init(
            .openai, "embed", "set-header: { name: Content-Type, value: text/html }", at: "embeddings", embedded),
        // A page of a gateway's in place of an answer.
        .init(
            .openai, "embed", "status: { code: 200, headers: { Content-Type: text/html }, body: <p>busy</p> }",
            at: "embeddings", .raises("AttributeError")),
    ]

    private static func status(_ code: Int, _ kind: String, code name: String) -> ClientCell {
        .init(
            .openai, "embed", "status: { code: \(code) }", at: "embeddings", .raises("openai.\(kind)", code: name))
    }

    static let openaiStatuses: [ClientCell] = [
        status(400, "BadRequestError", code: "400"),
        status(401, "AuthenticationError", code: "invalid_api_key"),
        status(403, "PermissionDeniedError", code: "unsupported_country_region_territory"),
        status(404, "NotFoundError", code: "model_not_found"),
        status(409, "ConflictError", code: "409"),
        status(422, "UnprocessableEntityError", code: "422"),
        status(429, "RateLimitError", code: "rate_limit_exceeded"),
        status(500, "InternalServerError", code: "500"),
        status(503, "InternalServerError", code: "503"),
        .init(
            .openai(attempts: 2), "embed", "status: { code: 503, headers: { retry-after-ms: \"10\" } }",
            at: "embeddings", when: "first: 1", embedded, attempts: 2),
        .init(
            .openai(attempts: 2), "embed", "status: { code: 503, headers: { x-should-retry: \"false\" } }",
            at: "embeddings", .raises("openai.InternalServerError", code: "503")),
    ]

    /// A wait of an hour is more than this client puts up with, so it tries no more.
    static let openaiQuota: [ClientCell] = [
        .init(
            .openai(attempts: 3), "embed-twice", "rate-limit: { limit: 1, per: 1h }", at: "embeddings",
            .raises("openai.RateLimitError", code: "rate_limit_exceeded"), attempts: 2),
        .init(
            .openai(attempts: 3), "embed-twice", "rate-limit: { limit: 1, per: 2s }", at: "embeddings", .gives(2),
            attempts: 3),
    ]

    static let openaiBodies: [ClientCell] = [
        .init(.openai, "embed", "malformed-body", at: "embeddings", .raises("json.decoder.JSONDecodeError")),
        .init(
            .openai, "embed", "reorder-embeddings", at: "embeddings", .gives([[1536, 1], [1536, 2], [1536, 0]])),
        .init(
            .openai, "places", "reorder-embeddings", at: "embeddings", when: "first: 1", .gives([1, 2, 0]), attempts: 2),
        .init(.openai, "embed", "drop-embedding", at: "embeddings", .gives([[1536, 0], [1536, 2]])),
        .init(
            .openai, "embed", "wrong-dimensions: { dimensions: 512 }", at: "embeddings",
            .gives([[512, 0], [512, 1], [512, 2]])),
        .init(
            .openai, "embed", "wrong-dimensions: { dimensions: 3072 }", at: "embeddings",
            .gives([[3072, 0], [3072, 1], [3072, 2]])),
    ]

    // MARK: Qdrant

    private static let broken = Expected.raises("qdrant_client.http.exceptions.ResponseHandlingException")

    private static func unexpected(_ status: Int) -> Expected {
        .raises("qdrant_client.http.exceptions.UnexpectedResponse", code: "\(status)")
    }

    static let qdrantWrites: [ClientCell] = [
        .init(.qdrant, "upsert", "lose-request", at: "UpsertPoints", broken, stored: 0),
        .init(.qdrant, "upsert", "lose-response", at: "UpsertPoints", broken, stored: 1),
        .init(.qdrant, "upsert", "hang-request", at: "UpsertPoints", broken, stored: 0),
        .init(.qdrant, "upsert", "hang-response", at: "UpsertPoints", broken, stored: 1),
        .init(.qdrant, "upsert", "delay: { time: 50ms }", at: "UpsertPoints", .gives("completed"), stored: 1),
        .init(.qdrant, "upsert", "duplicate-request", at: "UpsertPoints", .gives("completed"), stored: 1),
        .init(.qdrant, "upsert", "truncate: { after: 10B }", at: "UpsertPoints", broken, stored: 1),
        .init(.qdrant, "upsert", "error", at: "UpsertPoints", unexpected(503), stored: 0),
        .init(.qdrant, "upsert", "error-after-apply", at: "UpsertPoints", unexpected(503), stored: 1),
        .init(.qdrant, "upsert", "permanent-error", at: "UpsertPoints", unexpected(400), stored: 0),
        .init(.qdrant, "upsert", "status: { code: 500 }", at: "UpsertPoints", unexpected(500), stored: 0),
        .init(.qdrant, "upsert", "status: { code: 503 }", at: "UpsertPoints", unexpected(503), stored: 0),
        .init(
            .qdrant, "upsert-twice", "rate-limit: { limit: 1, per: 1h }", at: "UpsertPoints",
            .raises("qdrant_client.common.client_exceptions.ResourceExhaustedResponse"), stored: 1, attempts: 2),
        .init(
            .qdrant, "upload-twice", "rate-limit: { limit: 1, per: 2s, retry-after: 2s }", at: "UpsertPoints",
            .gives("uploaded"), stored: 1, attempts: 3),
        .init(
            .qdrant, "upload", "lose-request", at: "UpsertPoints", when: "first: 1", .gives("uploaded"), stored: 1,
            attempts: 2),
        .init(
            .qdrant, "upload", "lose-response", at: "UpsertPoints", when: "first: 1", .gives("uploaded"), stored: 1,
            attempts: 2),
        .init(
            .qdrant, "upload", "status: { code: 429, headers: { Retry-After: \"1\" } }", at: "UpsertPoints",
            when: "first: 1", .gives("uploaded"), stored: 1, attempts: 2),
        .init(.qdrant, "delete", "lose-request", at: "DeletePoints", broken, stored: 1),
        .init(.qdrant, "delete", "lose-response", at: "DeletePoints", broken, stored: 0),
    ]

    static let qdrantReads: [ClientCell] = [
        .init(.qdrant, "retrieve", "lose-response", at: "GetPoints", broken),
        .init(.qdrant, "retrieve", "truncate: { after: 10B }", at: "GetPoints", broken),
        .init(.qdrant, "retrieve", "wrong-length: { by: 10B }", at: "GetPoints", broken),
        .init(
            .qdrant, "retrieve", "remove-header: { name: Content-Type }", at: "GetPoints", .gives(["standing"])),
        .init(
            .qdrant, "retrieve", "malformed-body", at: "GetPoints", .raises("json.decoder.JSONDecodeError")),
        .init(.qdrant, "query", "status: { code: 404 }", at: "QueryPoints", unexpected(404)),
    ]

    // MARK: curl

    static let curl: [ClientCell] = [
        .init(.curl, "get", "lose-request", at: "GetObject", .exits(56)),
        .init(.curl, "get", "lose-response", at: "GetObject", .exits(56)),
        .init(.curl, "get", "hang-response", at: "GetObject", .exits(28)),
        .init(.curl, "get", "truncate: { after: 100B }", at: "GetObject", .exits(18)),
        .init(.curl, "get", "wrong-length: { by: 10B }", at: "GetObject", .exits(18)),
        .init(.curl, "get", "wrong-length: { by: -10B }", at: "GetObject", .exits(0, says: "200 4086 text/plain")),
        .init(.curl, "get", "slow-down", at: "GetObject", .exits(22, says: "503")),
        .init(.curl, "get", "permanent-error", at: "GetObject", .exits(22, says: "403")),
        .init(.curl, "get", "delay: { time: 50ms }", at: "GetObject", .exits(0, says: "200 4096 text/plain")),
        .init(.curl, "get", "duplicate-request", at: "GetObject", .exits(0, says: "200 4096 text/plain")),
        .init(
            .curl, "get", "set-header: { name: Content-Type, value: text/html }", at: "GetObject",
            .exits(0, says: "200 4096 text/html")),
        .init(.curl, "put", "lose-request", at: "PutObject", .exits(56), stored: 0),
        .init(.curl, "put", "lose-response", at: "PutObject", .exits(56), stored: 1),
        .init(.curl, "put", "error-after-apply", at: "PutObject", .exits(22, says: "503"), stored: 1),
    ]
}
