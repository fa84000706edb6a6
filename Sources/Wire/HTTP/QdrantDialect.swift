/// Qdrant's REST API: operations have the names of its API reference; the key is the collection's name, and the body tells
/// calls on its points apart.
enum QdrantDialect: HTTPDialect {
    static func label(_ head: HTTPHead) -> HTTPLabel {
        let segments = HTTPTarget(head.target).segments
        guard segments.first == "collections", segments.count > 1, segments != ["collections", "aliases"] else {
            return ofService(head.method, segments)
        }
        let collection = HTTPTarget.decoded(segments[1])
        let action = segments.dropFirst(2).joined(separator: "/")
        let operation = operations["\(head.method) \(action)"] ?? retrieval(head.method, segments)
        return HTTPLabel(
            operation ?? "\(head.method) \(action)", key: collection,
            isToldByBody: segments.count > 2 && segments[2] == "points")
    }

    /// What concerns no single collection.
    private static func ofService(_ method: String, _ segments: [Substring]) -> HTTPLabel {
        let path = segments.joined(separator: "/")
        if let operation = serviceOperations["\(method) \(path)"] { return HTTPLabel(operation) }
        if segments.count == 2, segments[0] == "snapshots" {
            let operation = ["GET": "GetFullSnapshot", "DELETE": "DeleteFullSnapshot"][method]
            return HTTPLabel(operation ?? "\(method) /\(path)", key: HTTPTarget.decoded(segments[1]))
        }
        if method == "DELETE", segments.count == 3, segments[0] == "cluster", segments[1] == "peer" {
            return HTTPLabel("RemovePeer", key: String(segments[2]))
        }
        return HTTPLabel("\(method) /\(path)")
    }

    private static let serviceOperations = [
        "GET collections": "ListCollections", "GET aliases": "ListAliases", "POST collections/aliases": "UpdateAliases",
        "GET snapshots": "ListFullSnapshots", "POST snapshots": "CreateFullSnapshot", "GET cluster": "ClusterStatus",
        "POST cluster/recover": "RecoverPeer", "GET telemetry": "Telemetry", "GET metrics": "Metrics",
        "GET healthz": "Healthz", "GET livez": "Livez", "GET readyz": "Readyz", "GET issues": "GetIssues",
        "DELETE issues": "ClearIssues", "GET locks": "GetLocks", "POST locks": "SetLocks",
    ]

    private static let operations = [
        "GET ": "GetCollection", "PUT ": "CreateCollection", "PATCH ": "UpdateCollection",
        "DELETE ": "DeleteCollection", "GET exists": "CollectionExists", "PUT index": "CreateFieldIndex",
        "GET aliases": "ListCollectionAliases", "GET cluster": "CollectionClusterInfo",
        "POST cluster": "UpdateCollectionCluster", "PUT shards": "CreateShardKey",
        "POST shards/delete": "DeleteShardKey", "GET snapshots": "ListSnapshots", "POST snapshots": "CreateSnapshot",
        "PUT snapshots/recover": "RecoverSnapshot", "POST snapshots/upload": "UploadSnapshot",
        "POST facet": "Facet", "PUT points": "UpsertPoints", "POST points": "GetPoints",
        "POST points/delete": "DeletePoints", "POST points/scroll": "ScrollPoints", "POST points/count": "CountPoints",
        "POST points/query": "QueryPoints", "POST points/query/batch": "QueryBatchPoints",
        "POST points/query/groups": "QueryPointGroups", "POST points/search": "SearchPoints",
        "POST points/search/batch": "SearchBatchPoints", "POST points/search/groups": "SearchPointGroups",
        "POST points/search/matrix/pairs": "SearchMatrixPairs",
        "POST points/search/matrix/offsets": "SearchMatrixOffsets", "POST points/recommend": "RecommendPoints",
        "POST points/recommend/batch": "RecommendBatchPoints", "POST points/recommend/groups": "RecommendPointGroups",
        "POST points/discover": "DiscoverPoints", "POST points/discover/batch": "DiscoverBatchPoints",
        "POST points/payload": "SetPayload", "PUT points/payload": "OverwritePayload",
        "POST points/payload/delete": "DeletePayload", "POST points/payload/clear": "ClearPayload",
        "PUT points/vectors": "UpdateVectors", "POST points/vectors/delete": "DeleteVectors",
        "POST points/batch": "BatchUpdate",
    ]

    /// Where the path ends with what is named.
    private static func retrieval(_ method: String, _ segments: [Substring]) -> String? {
        guard segments.count == 4 else { return nil }
        return switch (method, segments[2]) {
        case ("GET", "points"): "GetPoint"
        case ("DELETE", "index"): "DeleteFieldIndex"
        case ("GET", "snapshots"): "GetSnapshot"
        case ("DELETE", "snapshots"): "DeleteSnapshot"
        default: nil
        }
    }

    static func errorBody(status: Int, operation: String) -> (type: String, body: String) {
        let message =
            switch status {
            case 400: "Wrong input: the request is not valid"
            case 403: "Forbidden: Write access to collection is required"
            case 404: "Not found: Collection doesn't exist!"
            case 408: "Timeout error: operation timed out"
            case 409: "Wrong input: Collection already exists!"
            case 429: "Rate limiting exceeded: \(reads(operation) ? "Read" : "Write") rate limit exceeded, retry later"
            case 503: "Service internal error: shard is unavailable"
            case 507: "Service internal error: No space left on device"
            default: "Service internal error: the request failed with status \(status)"
            }
        return ("application/json", #"{"status":{"error":"\#(message)"},"time":0.0}"#)
    }

    private static func reads(_ operation: String) -> Bool {
        ["Get", "List", "Scroll", "Count", "Query", "Search", "Recommend", "Discover", "Facet"]
            .contains { operation.hasPrefix($0) }
    }
}
