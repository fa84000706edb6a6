/// Amazon S3's REST API, path style: operations have the names of its API reference; the key is the object's.
enum S3Dialect: HTTPDialect {
    static func label(_ head: HTTPHead) -> HTTPLabel {
        let target = HTTPTarget(head.target)
        let path = target.path.dropFirst()
        guard !path.isEmpty else { return HTTPLabel(head.method == "GET" ? "ListBuckets" : "\(head.method) /") }
        guard let slash = path.firstIndex(of: "/"), path.index(after: slash) < path.endIndex else {
            return HTTPLabel(bucketOperation(head.method, target))
        }
        let key = HTTPTarget.decoded(path[path.index(after: slash)...])
        return HTTPLabel(objectOperation(head, target), key: key)
    }

    private static func bucketOperation(_ method: String, _ target: HTTPTarget) -> String {
        switch method {
        case "GET":
            if target.asks("list-type") { return "ListObjectsV2" }
            if target.asks("location") { return "GetBucketLocation" }
            if target.asks("versions") { return "ListObjectVersions" }
            if target.asks("uploads") { return "ListMultipartUploads" }
            if target.asks("versioning") { return "GetBucketVersioning" }
            return "ListObjects"
        case "PUT": return target.asks("versioning") ? "PutBucketVersioning" : "CreateBucket"
        case "HEAD": return "HeadBucket"
        case "DELETE": return "DeleteBucket"
        case "POST": return target.asks("delete") ? "DeleteObjects" : "PostObject"
        default: return "\(method) bucket"
        }
    }

    private static func objectOperation(_ head: HTTPHead, _ target: HTTPTarget) -> String {
        switch head.method {
        case "GET":
            if target.asks("uploadId") { return "ListParts" }
            if target.asks("tagging") { return "GetObjectTagging" }
            if target.asks("acl") { return "GetObjectAcl" }
            if target.asks("attributes") { return "GetObjectAttributes" }
            return "GetObject"
        case "PUT":
            if target.asks("partNumber") { return head.isCopy ? "UploadPartCopy" : "UploadPart" }
            if target.asks("tagging") { return "PutObjectTagging" }
            if target.asks("acl") { return "PutObjectAcl" }
            return head.isCopy ? "CopyObject" : "PutObject"
        case "POST":
            if target.asks("uploads") { return "CreateMultipartUpload" }
            return target.asks("uploadId") ? "CompleteMultipartUpload" : "PostObject"
        case "DELETE":
            if target.asks("tagging") { return "DeleteObjectTagging" }
            return target.asks("uploadId") ? "AbortMultipartUpload" : "DeleteObject"
        case "HEAD": return "HeadObject"
        default: return "\(head.method) object"
        }
    }

    static func status(of refusal: Refusal) -> Int {
        switch refusal {
        case .retryable: 503
        case .permanent: 403
        }
    }

    /// Codes from S3's list of error responses.
    static func errorBody(status: Int) -> (type: String, body: String) {
        let (code, message) =
            switch status {
            case 400: ("BadRequest", "Bad Request")
            case 403: ("AccessDenied", "Access Denied")
            case 404: ("NoSuchKey", "The specified key does not exist.")
            case 429, 503: ("SlowDown", "Please reduce your request rate.")
            case 500: ("InternalError", "We encountered an internal error. Please try again.")
            default: ("Error", "The request failed with status \(status).")
            }
        let body = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Error><Code>\(code)</Code><Message>\(message)</Message><RequestId>FAULTLINE</RequestId>\
            <HostId>faultline</HostId></Error>
            """
        return ("application/xml", body)
    }
}
