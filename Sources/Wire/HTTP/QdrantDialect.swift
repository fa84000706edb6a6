/// Qdrant's REST API: operations have the names of its API reference; the key is the collection's name, and the body tells
/// calls on its points apart.
enum QdrantDialect: HTTPDialect {
    static func label(_ head: HTTPHead) -> HTTPLabel {
        let segments = HTTPTarget(head.target).segments
        guard segments.first == "collections" else {
            return HTTPLabel("\(head.method) /\(segments.joined(separator: "/"))")
        }
        guard segments.count > 1 else { return HTTPLabel("ListCollections") }
        let collection = HTTPTarget.decoded(segments[1])
        let action = segments.dropFirst(2).joined(separator: "/")
        let operation = operations["\(head.method) \(action)"] ?? retrieval(head.method, segments)
        return HTTPLabel(
            operation ?? "\(head.method) \(action)", key: collection,
            isToldByBody: segments.count > 2 && segments[2] == "points")
    }

    private static let operations = [
        "GET ": "GetCollection", "PUT ": "CreateCollection", "PATCH ": "UpdateCollection",
        "DELETE ": "DeleteCollection", "GET exists": "CollectionExists", "PUT index": "CreateFieldIndex",
        "PUT points": "UpsertPoints", "POST points": "GetPoints", "POST points/delete": "DeletePoints",
        "POST points/scroll": "ScrollPoints", "POST points/count": "CountPoints", "POST points/query": "QueryPoints",
        "POST points/query/batch": "QueryBatchPoints", "POST points/search": "SearchPoints",
        "POST points/search/batch": "SearchBatchPoints", "POST points/payload": "SetPayload",
        "PUT points/payload": "OverwritePayload", "POST points/payload/delete": "DeletePayload",
        "POST points/payload/clear": "ClearPayload", "PUT points/vectors": "UpdateVectors",
        "POST points/vectors/delete": "DeleteVectors", "POST points/batch": "BatchUpdate",
    ]

    private static func retrieval(_ method: String, _ segments: [Substring]) -> String? {
        if method == "GET", segments.count == 4, segments[2] == "points" { return "GetPoint" }
        if method == "DELETE", segments.count == 4, segments[2] == "index" { return "DeleteFieldIndex" }
        return nil
    }

    static func errorBody(status: Int) -> (type: String, body: String) {
        let message =
            switch status {
            case 400: "Wrong input: the request is not valid"
            case 404: "Not found: Collection doesn't exist!"
            case 408: "Timeout error: operation timed out"
            case 429: "Rate limiting exceeded: Write rate limit exceeded, retry later"
            case 503: "Service internal error: shard is unavailable"
            default: "Service internal error: the request failed with status \(status)"
            }
        return ("application/json", #"{"status":{"error":"\#(message)"},"time":0.0}"#)
    }
}
