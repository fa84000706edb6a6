import Foundation
import Stores
import Testing

@Suite struct S3ClientTests {
    let servers: Servers
    let bucket = Servers.unique("bucket").replacing("_", with: "-")
    let path = FileManager.default.temporaryDirectory.appending(path: Servers.unique("object")).path

    init() throws {
        servers = try Servers()
    }

    @Test func objectsGoThereAndBack() async throws {
        let s3 = servers.s3
        try await s3.createBucket(bucket)
        try await s3.createBucket(bucket)
        let key = "a folder/naïve & <odd>+100%.txt"
        try await s3.putObject(bucket: bucket, key: key, body: .bytes(Array("text".utf8)), contentType: "text/plain")
        let head = try await s3.getObject(bucket: bucket, key: key, to: path)
        #expect(head.contentType == "text/plain")
        #expect(head.bytes == 4)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "text")
        #expect(try await s3.headObject(bucket: bucket, key: key).bytes == 4)
        let listed = try await s3.listObjects(bucket: bucket, prefix: "a folder/")
        #expect(listed.map(\.key) == [key])
        #expect(listed.map(\.bytes) == [4])
        #expect(try await s3.listObjects(bucket: bucket, prefix: "other").isEmpty)
        try await s3.deleteObjects(bucket: bucket, keys: [key, "was never there"])
        try await s3.deleteBucket(bucket)
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func emptyAndFiveMegabyteObjects() async throws {
        let s3 = servers.s3
        try await s3.createBucket(bucket)
        let big = [UInt8]((0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        for body in [[], big] {
            try await s3.putObject(bucket: bucket, key: "k", body: .bytes(body))
            #expect(try await s3.getObject(bucket: bucket, key: "k", to: path).bytes == body.count)
            #expect(try [UInt8](Data(contentsOf: URL(filePath: path))) == body)
            try await s3.putObject(bucket: bucket, key: "copy", body: .file(path))
            #expect(try await s3.headObject(bucket: bucket, key: "copy").bytes == body.count)
        }
        try await s3.deleteObjects(bucket: bucket, keys: ["k", "copy"])
        try await s3.deleteBucket(bucket)
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func missingKeysAndBucketsAreDefinite() async throws {
        try await servers.s3.createBucket(bucket)
        let key = try await failure { _ = try await servers.s3.getObject(bucket: bucket, key: "none", to: path) }
        #expect(key.code == "NoSuchKey")
        #expect(key.operation == "GetObject")
        #expect(key.outcome == .definite)
        #expect(!key.isTransient)
        try await servers.s3.deleteBucket(bucket)
        let missing = try await failure { _ = try await servers.s3.listObjects(bucket: bucket) }
        #expect(missing.code == "NoSuchBucket")
    }

    @Test func aMissingContentTypeIsNil() async throws {
        let server = CannedServer(body: "typeless")
        defer { server.stop() }
        let s3 = S3Client(endpoint: server.url, http: servers.http)
        #expect(try await s3.getObject(bucket: "b", key: "k", to: path).contentType == nil)
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func slowDownIsTransientAndDefinite() async throws {
        let body = "<Error><Code>SlowDown</Code><Message>Reduce &amp; wait</Message></Error>"
        let server = CannedServer(status: "503 Slow Down", headers: ["Retry-After: 2"], body: body)
        defer { server.stop() }
        let s3 = S3Client(endpoint: server.url, http: servers.http)
        let error = try await failure { try await s3.putObject(bucket: "b", key: "k", body: .bytes([1])) }
        #expect(error.code == "SlowDown")
        #expect(error.message.contains("Reduce & wait"))
        #expect(error.isTransient)
        #expect(error.outcome == .definite)
        #expect(error.retryAfter == .seconds(2))
    }

    @Test func anInternalErrorIsInDoubt() async throws {
        let server = CannedServer(status: "500 Oops", body: "<Error><Code>InternalError</Code></Error>")
        defer { server.stop() }
        let s3 = S3Client(endpoint: server.url, http: servers.http)
        let error = try await failure { try await s3.putObject(bucket: "b", key: "k", body: .bytes([1])) }
        #expect(error.isTransient)
        #expect(error.outcome == .indefinite)
    }

    @Test func requestsAreSigned() async throws {
        let server = CannedServer()
        defer { server.stop() }
        let s3 = S3Client(endpoint: server.url.replacing("//", with: "//AKID:secret@"), http: servers.http)
        try await s3.putObject(bucket: "b", key: "k k", body: .bytes(Array("abc".utf8)))
        let request = server.requests[0]
        #expect(request.hasPrefix("PUT /b/k%20k HTTP/1.1\r\n"))
        #expect(request.contains("Authorization: AWS4-HMAC-SHA256 Credential=AKID/"))
        #expect(request.contains("/us-east-1/s3/aws4_request"))
        #expect(request.contains("x-amz-content-sha256: \(SHA256.hex("abc"))\r\n"))
        #expect(!request.contains("secret"))
    }
}
