/// A client of Qdrant's REST API. Writes wait until they are applied.
package struct QdrantClient: Sendable {
    /// `endpoint` as in `Endpoints.qdrant`.
    package init(endpoint: String, apiKey: String? = nil, http: HTTPClient) {
    }

    package func collectionExists(_ name: String, timeout: Duration? = nil) async throws(StoreError) -> Bool {
        fatalError("not yet")
    }

    /// Creates a collection; one that exists (409, or found to exist after a failure) is an error with code 409 or 400.
    package func createCollection(
        _ name: String, dimensions: Int, distance: String = "Cosine", timeout: Duration? = nil
    ) async throws(StoreError) {
        fatalError("not yet")
    }

    package func deleteCollection(_ name: String, timeout: Duration? = nil) async throws(StoreError) {
        fatalError("not yet")
    }

    package func upsert(
        _ points: [QdrantPoint], into collection: String, timeout: Duration? = nil
    ) async throws(StoreError) {
        fatalError("not yet")
    }

    /// The points of these ids, vectors included; those that aren't there are left out.
    package func retrieve(
        _ ids: [String], from collection: String, timeout: Duration? = nil
    ) async throws(StoreError) -> [QdrantPoint] {
        fatalError("not yet")
    }

    /// Every point that a filter lets through, page by page. The time-out is for each page.
    package func scroll(
        _ collection: String, filter: QdrantFilter? = nil, withVectors: Bool = false, pageSize: Int = 1000,
        timeout: Duration? = nil
    ) async throws(StoreError) -> [QdrantPoint] {
        fatalError("not yet")
    }

    package func delete(
        where filter: QdrantFilter, from collection: String, timeout: Duration? = nil
    ) async throws(StoreError) {
        fatalError("not yet")
    }

    package func delete(
        ids: [String], from collection: String, timeout: Duration? = nil
    ) async throws(StoreError) {
        fatalError("not yet")
    }

    package func count(
        _ collection: String, filter: QdrantFilter? = nil, timeout: Duration? = nil
    ) async throws(StoreError) -> Int {
        fatalError("not yet")
    }
}
