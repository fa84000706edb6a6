/// The parts of buckets and objects that S3 keeps apart from them, each named by a parameter of the query (Amazon S3 API
/// reference, actions).
enum S3Subresources {
    struct Part: Sendable {
        var parameter: String
        /// As in `GetBucketAcl`.
        var name: String
        /// As in `DeleteBucketLifecycle`, where it differs.
        var nameInDelete: String?
        /// There are several, each with an `id`; without one they are listed.
        var isNumbered = false
    }

    static let ofBuckets = [
        Part(parameter: "accelerate", name: "BucketAccelerateConfiguration"),
        Part(parameter: "acl", name: "BucketAcl"),
        Part(parameter: "analytics", name: "BucketAnalyticsConfiguration", isNumbered: true),
        Part(parameter: "cors", name: "BucketCors"),
        Part(parameter: "encryption", name: "BucketEncryption"),
        Part(
            parameter: "intelligent-tiering", name: "BucketIntelligentTieringConfiguration", isNumbered: true),
        Part(parameter: "inventory", name: "BucketInventoryConfiguration", isNumbered: true),
        Part(parameter: "lifecycle", name: "BucketLifecycleConfiguration", nameInDelete: "BucketLifecycle"),
        Part(parameter: "location", name: "BucketLocation"),
        Part(parameter: "logging", name: "BucketLogging"),
        Part(parameter: "metrics", name: "BucketMetricsConfiguration", isNumbered: true),
        Part(parameter: "notification", name: "BucketNotificationConfiguration"),
        Part(parameter: "object-lock", name: "ObjectLockConfiguration"),
        Part(parameter: "ownershipControls", name: "BucketOwnershipControls"),
        Part(parameter: "policy", name: "BucketPolicy"),
        Part(parameter: "policyStatus", name: "BucketPolicyStatus"),
        Part(parameter: "publicAccessBlock", name: "PublicAccessBlock"),
        Part(parameter: "replication", name: "BucketReplication"),
        Part(parameter: "requestPayment", name: "BucketRequestPayment"),
        Part(parameter: "tagging", name: "BucketTagging"),
        Part(parameter: "versioning", name: "BucketVersioning"),
        Part(parameter: "website", name: "BucketWebsite"),
    ]

    static let ofObjects = [
        Part(parameter: "acl", name: "ObjectAcl"),
        Part(parameter: "attributes", name: "ObjectAttributes"),
        Part(parameter: "legal-hold", name: "ObjectLegalHold"),
        Part(parameter: "retention", name: "ObjectRetention"),
        Part(parameter: "tagging", name: "ObjectTagging"),
        Part(parameter: "torrent", name: "ObjectTorrent"),
    ]
}
