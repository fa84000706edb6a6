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

    private static let keysPerDelete = 1000

    private let requests: S3Requests
    private let http: HTTPClient

    /// `endpoint` as in `Endpoints.s3`.
    package init(endpoint: String, region: String = "us-east-1", http: HTTPClient) {
        requests = S3Requests(endpoint: endpoint, region: region)
        self.http = http
    }

    /// Creates a bucket; one that is ours already is no error.
    package func createBucket(_ bucket: String, timeout: Duration? = nil) async throws(StoreError) {
        do throws(StoreError) {
            let body = Array(requests.bucketConfiguration.utf8)
            _ = try await send(requests.make("CreateBucket", "PUT", bucket, body: .bytes(body)), timeout)
        } catch  where error.code == "BucketAlreadyOwnedByYou" {
            return
        }
    }

    /// Uploads an object. Without a content type the request names none.
    package func putObject(
        bucket: String, key: String, body: HTTPRequest.Body, contentType: String? = nil, timeout: Duration? = nil
    ) async throws(StoreError) {
        var request = try requests.make("PutObject", "PUT", bucket, key, body: body)
        if let contentType { request.headers.append(("Content-Type", contentType)) }
        _ = try await send(request, timeout)
    }

    /// Downloads an object to a file. A body shorter than announced is an error, and so is a status that says so, unless the
    /// caller puts up with it: then the body of an error is what the file holds.
    package func getObject(
        bucket: String, key: String, to path: String, acceptsShortBody: Bool = false,
        acceptsErrorBody: Bool = false, timeout: Duration? = nil
    ) async throws(StoreError) -> Head {
        var request = try requests.make("GetObject", "GET", bucket, key)
        request.sink = .file(path)
        request.acceptsShortBody = acceptsShortBody
        request.keepsErrorBody = acceptsErrorBody
        let response =
            acceptsErrorBody ? try await http.send(request, timeout: timeout) : try await send(request, timeout)
        return Head(
            contentType: response[header: "Content-Type"], bytes: response.bodyBytes, etag: response[header: "ETag"])
    }

    package func headObject(bucket: String, key: String, timeout: Duration? = nil) async throws(StoreError) -> Head {
        let response = try await send(requests.make("HeadObject", "HEAD", bucket, key), timeout)
        return Head(
            contentType: response[header: "Content-Type"],
            bytes: response[header: "Content-Length"].flatMap { Int($0) } ?? 0, etag: response[header: "ETag"])
    }

    /// Every object under a prefix, page by page. The time-out is for each page.
    package func listObjects(
        bucket: String, prefix: String = "", timeout: Duration? = nil
    ) async throws(StoreError) -> [Entry] {
        var entries: [Entry] = []
        var token: String?
        repeat {
            var query = [("encoding-type", "url"), ("list-type", "2"), ("prefix", prefix)]
            if let token { query.append(("continuation-token", token)) }
            let request = try requests.make("ListObjectsV2", "GET", bucket, query: query)
            let page = try S3Answer.listing(try await send(request, timeout), request)
            guard page.next == nil || page.next != token else {
                throw S3Answer.malformed(request, "the next page is the same page")
            }
            entries += page.entries
            token = page.next
        } while token != nil
        return entries
    }

    /// Deletes objects, a thousand a request; a key that isn't there is no error.
    package func deleteObjects(bucket: String, keys: [String], timeout: Duration? = nil) async throws(StoreError) {
        for start in stride(from: 0, to: keys.count, by: Self.keysPerDelete) {
            let batch = keys[start..<min(start + Self.keysPerDelete, keys.count)]
            let objects = batch.map { "<Object><Key>\(XMLText.escape($0))</Key></Object>" }.joined()
            let body = Array("<Delete><Quiet>true</Quiet>\(objects)</Delete>".utf8)
            var request = try requests.make(
                "DeleteObjects", "POST", bucket, query: [("delete", "")], body: .bytes(body))
            request.headers += [
                ("Content-MD5", Base64.encode(Digest.md5(body))), ("Content-Type", "application/xml"),
            ]
            try S3Answer.checkDeleted(try await send(request, timeout), request)
        }
    }

    /// Deletes an empty bucket.
    package func deleteBucket(_ bucket: String, timeout: Duration? = nil) async throws(StoreError) {
        _ = try await send(requests.make("DeleteBucket", "DELETE", bucket), timeout)
    }

    private func send(_ request: HTTPRequest, _ timeout: Duration?) async throws(StoreError) -> HTTPResponse {
        let response = try await http.send(request, timeout: timeout)
        guard response.isSuccess else { throw S3Answer.error(response, request) }
        return response
    }
}
