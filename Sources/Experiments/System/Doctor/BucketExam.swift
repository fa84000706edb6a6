import Foundation
import Stores

/// Writes, reads and deletes an object where documents are uploaded: in the bucket that is named, else in one of its own.
struct BucketExam: Sendable {
    let system: System
    let limit: Duration

    func check() async -> DoctorCheck {
        let name = "s3"
        guard let address = system.stores.s3 else {
            return DoctorCheck(
                name, .failed, "nothing says where documents are uploaded", mend: "add 's3: ' to 'stores'")
        }
        let shown = StoreURL(address, defaultPort: 0)?.shown ?? "s3"
        let mend =
            "see whether \(shown) is right and up, and its keys may write"
            + (system.bucket.map { " to the bucket '\($0)'" } ?? " and make buckets; or name one with 'bucket: '")
        return await DoctorCheck.of(name, within: limit, mend: mend) {
            let timeouts = Timeouts(connect: limit, call: limit)
            let s3 = S3Client(endpoint: address, http: HTTPClient(timeouts: timeouts))
            let mark = "faultline-doctor-\(UUID().uuidString.lowercased())"
            let bucket = system.bucket ?? mark
            if system.bucket == nil { try await s3.createBucket(bucket) }
            try await s3.putObject(
                bucket: bucket, key: mark, body: .bytes(Array("doctor".utf8)), contentType: "text/plain")
            let head = try await s3.headObject(bucket: bucket, key: mark)
            try await s3.deleteObjects(bucket: bucket, keys: [mark])
            if system.bucket == nil { try await s3.deleteBucket(bucket) }
            guard head.bytes == 6 else {
                return DoctorCheck(name, .failed, "an object of 6 bytes came back with \(head.bytes)", mend: mend)
            }
            return DoctorCheck(
                name, .ok,
                "\(shown): an object was written, read and deleted in "
                    + (system.bucket.map { "'\($0)'" } ?? "a bucket of its own"))
        }
    }
}
