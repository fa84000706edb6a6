/// A client of Qdrant's REST API. Writes wait until they are applied.
package struct QdrantClient: Sendable {
    private let endpoint: String
    private let apiKey: String?
    private let http: HTTPClient

    /// `endpoint` as in `Endpoints.qdrant`.
    package init(endpoint: String, apiKey: String? = nil, http: HTTPClient) {
        self.endpoint = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
        self.apiKey = apiKey
        self.http = http
    }

    package func collectionExists(_ name: String, timeout: Duration? = nil) async throws(StoreError) -> Bool {
        let result = try await call("exists", "GET", name, "/exists", timeout: timeout)
        guard case .bool(let exists)? = result["exists"] else { throw malformed("exists", "no `exists`") }
        return exists
    }

    /// Creates a collection. One that exists is an error: code 409, from older servers 400.
    package func createCollection(
        _ name: String, dimensions: Int, distance: String = "Cosine", timeout: Duration? = nil
    ) async throws(StoreError) {
        let body: JSON = ["vectors": ["size": .int(dimensions), "distance": .string(distance)]]
        try await call("create collection", "PUT", name, body: body, timeout: timeout)
    }

    /// Deletes a collection; one that isn't there is an error with code 404.
    package func deleteCollection(_ name: String, timeout: Duration? = nil) async throws(StoreError) {
        try await call("delete collection", "DELETE", name, timeout: timeout)
    }

    package func upsert(
        _ points: [QdrantPoint], into collection: String, timeout: Duration? = nil
    ) async throws(StoreError) {
        guard !points.isEmpty else { return }
        let body: JSON = ["points": .array(points.map(\.json))]
        try await call("upsert", "PUT", collection, "/points?wait=true", body: body, timeout: timeout)
    }

    /// The points of these ids, vectors included; those that aren't there are left out.
    package func retrieve(
        _ ids: [String], from collection: String, timeout: Duration? = nil
    ) async throws(StoreError) -> [QdrantPoint] {
        guard !ids.isEmpty else { return [] }
        let body: JSON = [
            "ids": .array(ids.map(QdrantPoint.json(id:))), "with_payload": true, "with_vector": true,
        ]
        let result = try await call("retrieve", "POST", collection, "/points", body: body, timeout: timeout)
        return try points(result.array, "retrieve")
    }

    /// Every point that a filter lets through, page by page. The time-out is for each page.
    package func scroll(
        _ collection: String, filter: QdrantFilter? = nil, withVectors: Bool = false, pageSize: Int = 1000,
        timeout: Duration? = nil
    ) async throws(StoreError) -> [QdrantPoint] {
        var found: [QdrantPoint] = []
        var offset: JSON?
        repeat {
            var body: [String: JSON] = [
                "limit": .int(pageSize), "with_payload": true, "with_vector": .bool(withVectors),
            ]
            body["filter"] = filter?.json
            body["offset"] = offset
            let result = try await call(
                "scroll", "POST", collection, "/points/scroll", body: .object(body), timeout: timeout)
            found += try points(result["points"]?.array, "scroll")
            let next = result["next_page_offset"] ?? .null
            guard next != offset else { throw malformed("scroll", "the next page is the same page") }
            offset = next == .null ? nil : next
        } while offset != nil
        return found
    }

    package func delete(
        where filter: QdrantFilter, from collection: String, timeout: Duration? = nil
    ) async throws(StoreError) {
        try await call(
            "delete", "POST", collection, "/points/delete?wait=true", body: ["filter": filter.json], timeout: timeout)
    }

    package func delete(
        ids: [String], from collection: String, timeout: Duration? = nil
    ) async throws(StoreError) {
        guard !ids.isEmpty else { return }
        let body: JSON = ["points": .array(ids.map(QdrantPoint.json(id:)))]
        try await call("delete", "POST", collection, "/points/delete?wait=true", body: body, timeout: timeout)
    }

    package func count(
        _ collection: String, filter: QdrantFilter? = nil, timeout: Duration? = nil
    ) async throws(StoreError) -> Int {
        var body: [String: JSON] = ["exact": true]
        body["filter"] = filter?.json
        let result = try await call(
            "count", "POST", collection, "/points/count", body: .object(body), timeout: timeout)
        guard let count = result["count"]?.int else { throw malformed("count", "no `count`") }
        return count
    }

    /// Sends a request about a collection; gives the answer's `result`.
    @discardableResult
    private func call(
        _ operation: String, _ method: String, _ collection: String, _ path: String = "", body: JSON? = nil,
        timeout: Duration?
    ) async throws(StoreError) -> JSON {
        var request = HTTPRequest(
            service: "qdrant", operation: operation, method: method,
            url: "\(endpoint)/collections/\(PercentEncoding.encode(collection))\(path)")
        if let apiKey { request.headers.append(("api-key", apiKey)) }
        if let body {
            request.headers.append(("Content-Type", "application/json"))
            request.body = .bytes(body.bytes)
        }
        let response = try await http.send(request, timeout: timeout)
        let answer = JSON(response.body)
        guard response.isSuccess else {
            throw response.failure(of: request, message: answer?["status"]?["error"]?.string)
        }
        guard let result = answer?["result"] else {
            throw malformed(operation, "no `result` in: \(response.text.prefix(200))")
        }
        return result
    }

    private func points(_ elements: [JSON]?, _ operation: String) throws(StoreError) -> [QdrantPoint] {
        guard let elements else { throw malformed(operation, "no list of points") }
        let points = elements.compactMap(QdrantPoint.init(json:))
        guard points.count == elements.count else { throw malformed(operation, "a point without id or payload") }
        return points
    }

    /// The server said yes in words that make no sense.
    private func malformed(_ operation: String, _ what: String) -> StoreError {
        StoreError(
            service: "qdrant", operation: operation, outcome: .indefinite, isTransient: true,
            code: StoreError.Code.badAnswer, message: what)
    }
}
