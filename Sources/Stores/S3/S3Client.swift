/// A client of S3 and of what speaks like it: path-style addresses, Signature Version 4.
package struct S3Client: Sendable {
    package struct Head: Hashable, Sendable {
        /// Absent when the answer had no Content-Type, which is not the same as a generic one.
        package var contentType: String?
        package var bytes: Int
        package var etag: String?
    }

    package struct Entry: Hashable, Sendable {
        package var key: String
        package var bytes: Int
    }

    /// `endpoint` as in `Endpoints.s3`.
    package init(endpoint: String, region: String = "us-east-1", http: HTTPClient) {
    }

    /// Creates a bucket; one that is ours already is no error.
    package func createBucket(_ bucket: String, timeout: Duration? = nil) async throws(StoreError) {
        fatalError("not yet")
    }

    package func putObject(
        bucket: String, key: String, body: HTTPRequest.Body, contentType: String? = nil, timeout: Duration? = nil
    ) async throws(StoreError) {
        fatalError("not yet")
    }

    /// Downloads an object to a file. A body shorter than announced is an error.
    package func getObject(
        bucket: String, key: String, to path: String, timeout: Duration? = nil
    ) async throws(StoreError) -> Head {
        fatalError("not yet")
    }

    package func headObject(bucket: String, key: String, timeout: Duration? = nil) async throws(StoreError) -> Head {
        fatalError("not yet")
    }

    /// Every object under a prefix, page by page.
    package func listObjects(
        bucket: String, prefix: String = "", timeout: Duration? = nil
    ) async throws(StoreError) -> [Entry] {
        fatalError("not yet")
    }

    /// Deletes objects, a thousand a request; a key that isn't there is no error.
    package func deleteObjects(bucket: String, keys: [String], timeout: Duration? = nil) async throws(StoreError) {
        fatalError("not yet")
    }

    package func deleteBucket(_ bucket: String, timeout: Duration? = nil) async throws(StoreError) {
        fatalError("not yet")
    }
}
