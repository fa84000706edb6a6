import Stores

/// The clients of services that speak HTTP.
extension ClientTable {
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
