import Testing
import Wire

/// The names of operations, as selectors and reports use them.
struct HTTPDialectTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var request: String
        var operation: String
        var key: String
        var headers: String

        init(_ request: String, _ operation: String, _ key: String = "", headers: String = "") {
            self.request = request
            self.operation = operation
            self.key = key
            self.headers = headers
        }

        var testDescription: String { request }
    }

    private func expect(_ row: Row, of service: Service?) throws {
        let bytes = DecoderCase.encoded("\(row.request) HTTP/1.1~Host: h~\(row.headers)~")
        let head = try HTTPHeadParser.parse(bytes.span.bytes)
        let label = HTTPDialects.of(service).label(head)
        #expect(label.operation == row.operation)
        #expect(label.key == row.key)
    }

    @Test(arguments: [
        Row("GET /", "ListBuckets"),
        Row("GET /?x-id=ListBuckets", "ListBuckets"),
        Row("OPTIONS /", "OPTIONS /"),
        Row("PUT /bucket", "CreateBucket"),
        Row("PUT /bucket/", "CreateBucket"),
        Row("PUT /bucket?versioning", "PutBucketVersioning"),
        Row("HEAD /bucket", "HeadBucket"),
        Row("DELETE /bucket", "DeleteBucket"),
        Row("GET /bucket", "ListObjects"),
        Row("GET /bucket?prefix=a&marker=list-type", "ListObjects"),
        Row("GET /bucket?list-type=2&prefix=a%2Fb", "ListObjectsV2"),
        Row("GET /bucket/?prefix=a&list-type=2", "ListObjectsV2"),
        Row("GET /bucket?location", "GetBucketLocation"),
        Row("GET /bucket?versions", "ListObjectVersions"),
        Row("GET /bucket?uploads", "ListMultipartUploads"),
        Row("GET /bucket?versioning", "GetBucketVersioning"),
        Row("POST /bucket?delete", "DeleteObjects"),
        Row("POST /bucket?delete=", "DeleteObjects"),
        Row("POST /bucket", "PostObject"),
        Row("GET /bucket/a/b.pdf", "GetObject", "a/b.pdf"),
        Row("GET /bucket/a%20b%2Fc.pdf?versionId=1", "GetObject", "a b/c.pdf"),
        Row("GET /bucket/gr%C3%BC%C3%9Fe.txt", "GetObject", "grüße.txt"),
        Row("GET /bucket/50%", "GetObject", "50%"),
        Row("GET /bucket/50%zz%+5", "GetObject", "50%zz%+5"),
        Row("GET /bucket/a+b", "GetObject", "a+b"),
        Row("GET http://s3.local:4566/bucket/a", "GetObject", "a"),
        Row("GET /bucket/a?tagging", "GetObjectTagging", "a"),
        Row("GET /bucket/a?acl", "GetObjectAcl", "a"),
        Row("GET /bucket/a?attributes", "GetObjectAttributes", "a"),
        Row("GET /bucket/a?uploadId=1", "ListParts", "a"),
        Row("HEAD /bucket/a", "HeadObject", "a"),
        Row("PUT /bucket/a", "PutObject", "a"),
        Row("PUT /bucket/a?x-id=PutObject", "PutObject", "a"),
        Row("PUT /bucket/a", "CopyObject", "a", headers: "X-Amz-Copy-Source: /bucket/b~"),
        Row("PUT /bucket/a?partNumber=1&uploadId=x", "UploadPart", "a"),
        Row("PUT /bucket/a?partNumber=1&uploadId=x", "UploadPartCopy", "a", headers: "x-amz-copy-source: /b/c~"),
        Row("PUT /bucket/a?tagging", "PutObjectTagging", "a"),
        Row("PUT /bucket/a?acl", "PutObjectAcl", "a"),
        Row("POST /bucket/a?uploads", "CreateMultipartUpload", "a"),
        Row("POST /bucket/a?uploadId=x", "CompleteMultipartUpload", "a"),
        Row("DELETE /bucket/a", "DeleteObject", "a"),
        Row("DELETE /bucket/a?uploadId=x", "AbortMultipartUpload", "a"),
        Row("DELETE /bucket/a?tagging", "DeleteObjectTagging", "a"),
        Row("GET /bucket?acl", "GetBucketAcl"),
        Row("PUT /bucket?acl=", "PutBucketAcl"),
        Row("GET /bucket?policy", "GetBucketPolicy"),
        Row("DELETE /bucket?policy", "DeleteBucketPolicy"),
        Row("GET /bucket?policyStatus", "GetBucketPolicyStatus"),
        Row("PUT /bucket?lifecycle", "PutBucketLifecycleConfiguration"),
        Row("GET /bucket?lifecycle", "GetBucketLifecycleConfiguration"),
        Row("DELETE /bucket?lifecycle", "DeleteBucketLifecycle"),
        Row("PUT /bucket?cors", "PutBucketCors"),
        Row("DELETE /bucket?website", "DeleteBucketWebsite"),
        Row("GET /bucket?encryption", "GetBucketEncryption"),
        Row("PUT /bucket?notification", "PutBucketNotificationConfiguration"),
        Row("PUT /bucket?publicAccessBlock", "PutPublicAccessBlock"),
        Row("GET /bucket?object-lock", "GetObjectLockConfiguration"),
        Row("PUT /bucket?tagging", "PutBucketTagging"),
        Row("GET /bucket?logging", "GetBucketLogging"),
        Row("GET /bucket?replication", "GetBucketReplication"),
        Row("GET /bucket?metrics", "ListBucketMetricsConfigurations"),
        Row("GET /bucket?metrics&id=1", "GetBucketMetricsConfiguration"),
        Row("GET /bucket?session", "CreateSession"),
        Row("PUT /bucket/a?retention", "PutObjectRetention", "a"),
        Row("GET /bucket/a?legal-hold", "GetObjectLegalHold", "a"),
        Row("POST /bucket/a?restore&versionId=x", "RestoreObject", "a"),
        Row("POST /bucket/a?select&select-type=2", "SelectObjectContent", "a"),
        Row("PATCH /bucket/a", "PATCH object", "a"),
        Row("PATCH /bucket", "PATCH bucket"),
    ]) func s3(_ row: Row) throws { try expect(row, of: .s3) }

    @Test(arguments: [
        Row("POST /v1/embeddings", "embeddings"),
        Row("POST /embeddings", "embeddings"),
        Row("POST /v1/embeddings/?api-version=1", "embeddings"),
        Row("POST http://h/v1/embeddings", "embeddings"),
        Row("POST /v1/chat/completions", "chat.completions"),
        Row("GET /v1/models", "models"),
        Row("GET /v1/models/gpt-4o", "models.{id}", "gpt-4o"),
        Row("GET /v1/files/file-1/content", "files.{id}.content", "file-1"),
        Row("POST /v1/batches/b1/cancel", "batches.{id}.cancel", "b1"),
        Row("POST /v1/responses", "responses"),
        Row("GET /v1/responses/r%201", "responses.{id}", "r 1"),
        Row("POST /v1/responses/input_tokens", "responses.input_tokens"),
        Row("GET /v1/chat/completions/c1/messages", "chat.completions.{id}.messages", "c1"),
        Row("GET /v1/fine_tuning/jobs/j1/events", "fine_tuning.jobs.{id}.events", "j1"),
        Row("GET /v1/threads/t1/runs/r1", "threads.{id}.runs.{id}", "r1"),
        Row("POST /v1/threads/runs", "threads.runs"),
        Row("POST /v1/moderations", "moderations"),
        Row("POST /openai/deployments/mine/embeddings?api-version=1", "embeddings", "mine"),
        Row("POST /openai/v1/embeddings", "embeddings"),
        Row("GET /", "GET /"),
        Row("GET /v1", "GET /"),
    ]) func openAI(_ row: Row) throws { try expect(row, of: .openai) }

    @Test(arguments: [
        Row("GET /collections", "ListCollections"),
        Row("GET /collections/chunks", "GetCollection", "chunks"),
        Row("PUT /collections/chunks", "CreateCollection", "chunks"),
        Row("PATCH /collections/chunks", "UpdateCollection", "chunks"),
        Row("DELETE /collections/my%20chunks?timeout=1", "DeleteCollection", "my chunks"),
        Row("GET /collections/chunks/exists", "CollectionExists", "chunks"),
        Row("PUT /collections/chunks/index", "CreateFieldIndex", "chunks"),
        Row("DELETE /collections/chunks/index/document", "DeleteFieldIndex", "chunks"),
        Row("PUT /collections/chunks/points?wait=true", "UpsertPoints", "chunks"),
        Row("POST /collections/chunks/points", "GetPoints", "chunks"),
        Row("GET /collections/chunks/points/7", "GetPoint", "chunks"),
        Row("POST /collections/chunks/points/delete?wait=true", "DeletePoints", "chunks"),
        Row("POST /collections/chunks/points/scroll", "ScrollPoints", "chunks"),
        Row("POST /collections/chunks/points/count", "CountPoints", "chunks"),
        Row("POST /collections/chunks/points/query", "QueryPoints", "chunks"),
        Row("POST /collections/chunks/points/query/batch", "QueryBatchPoints", "chunks"),
        Row("POST /collections/chunks/points/search", "SearchPoints", "chunks"),
        Row("POST /collections/chunks/points/payload", "SetPayload", "chunks"),
        Row("PUT /collections/chunks/points/payload", "OverwritePayload", "chunks"),
        Row("POST /collections/chunks/points/batch", "BatchUpdate", "chunks"),
        Row("POST /collections/chunks/points/query/groups", "QueryPointGroups", "chunks"),
        Row("POST /collections/chunks/points/recommend/batch", "RecommendBatchPoints", "chunks"),
        Row("POST /collections/chunks/points/discover", "DiscoverPoints", "chunks"),
        Row("POST /collections/chunks/facet", "Facet", "chunks"),
        Row("GET /collections/chunks/aliases", "ListCollectionAliases", "chunks"),
        Row("GET /collections/chunks/cluster", "CollectionClusterInfo", "chunks"),
        Row("POST /collections/chunks/snapshots", "CreateSnapshot", "chunks"),
        Row("DELETE /collections/chunks/snapshots/s1", "DeleteSnapshot", "chunks"),
        Row("PUT /collections/chunks/snapshots/recover", "RecoverSnapshot", "chunks"),
        Row("GET /collections/chunks/nonsense", "GET nonsense", "chunks"),
        Row("POST /collections/aliases", "UpdateAliases"),
        Row("GET /aliases", "ListAliases"),
        Row("GET /snapshots/s1", "GetFullSnapshot", "s1"),
        Row("DELETE /cluster/peer/7", "RemovePeer", "7"),
        Row("GET /telemetry", "Telemetry"),
        Row("GET /healthz", "Healthz"),
        Row("GET /nonsense", "GET /nonsense"),
        Row("GET /", "GET /"),
    ]) func qdrant(_ row: Row) throws { try expect(row, of: .qdrant) }

    @Test(arguments: [
        Row("GET /", "GET /"),
        Row("GET /users", "GET /users"),
        Row("GET /users/42", "GET /users/{id}", "42"),
        Row("GET /users/42?full=1", "GET /users/{id}", "42"),
        Row("PUT /a/1/b/2", "PUT /a/{id}/b/{id}", "2"),
        Row("GET /d/6fa459ea-ee8a-3ca4-894e-db77e160355e", "GET /d/{id}", "6fa459ea-ee8a-3ca4-894e-db77e160355e"),
        Row("GET /d/0123456789abcdef", "GET /d/{id}", "0123456789abcdef"),
        Row("GET /d/0123456789abcde", "GET /d/0123456789abcde"),
        Row("GET /v2/users", "GET /v2/users"),
        Row("GET http://h/users/42", "GET /users/{id}", "42"),
    ]) func plain(_ row: Row) throws {
        try expect(row, of: nil)
        try expect(row, of: .temporal)
    }
}
