/// Removes what the reference worker wrote for given documents, and S3 objects under a prefix: a run's clean-up.
/// Idempotent; a table, collection or bucket that isn't there is no error.
package struct FootprintEraser: Sendable {
    package init(endpoints: Endpoints) {
    }

    /// Deletes the records of these documents in all four stores. Entities that nothing mentions any more go too.
    package func erase(documents: [String]) async throws(StoreError) {
        fatalError("not yet")
    }

    /// Deletes the objects under a prefix.
    package func erase(bucket: String, prefix: String) async throws(StoreError) {
        fatalError("not yet")
    }
}
