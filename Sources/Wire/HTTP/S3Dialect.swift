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
        if let part = named(S3Subresources.ofBuckets, method, target) { return part }
        switch method {
        case "GET":
            if target.asks("list-type") { return "ListObjectsV2" }
            if target.asks("versions") { return "ListObjectVersions" }
            if target.asks("uploads") { return "ListMultipartUploads" }
            return target.asks("session") ? "CreateSession" : "ListObjects"
        case "PUT": return "CreateBucket"
        case "HEAD": return "HeadBucket"
        case "DELETE": return "DeleteBucket"
        case "POST": return target.asks("delete") ? "DeleteObjects" : "PostObject"
        default: return "\(method) bucket"
        }
    }

    private static func objectOperation(_ head: HTTPHead, _ target: HTTPTarget) -> String {
        if let part = named(S3Subresources.ofObjects, head.method, target) { return part }
        switch head.method {
        case "GET": return target.asks("uploadId") ? "ListParts" : "GetObject"
        case "PUT":
            if target.asks("partNumber") { return head.isCopy ? "UploadPartCopy" : "UploadPart" }
            if target.asks("renameObject") { return "RenameObject" }
            return head.isCopy ? "CopyObject" : "PutObject"
        case "POST":
            if target.asks("uploads") { return "CreateMultipartUpload" }
            if target.asks("restore") { return "RestoreObject" }
            if target.asks("select") { return "SelectObjectContent" }
            return target.asks("uploadId") ? "CompleteMultipartUpload" : "PostObject"
        case "DELETE": return target.asks("uploadId") ? "AbortMultipartUpload" : "DeleteObject"
        case "HEAD": return "HeadObject"
        default: return "\(head.method) object"
        }
    }

    /// The operation on a part of a bucket or an object that the query names.
    private static func named(_ parts: [S3Subresources.Part], _ method: String, _ target: HTTPTarget) -> String? {
        guard !target.query.isEmpty, let verb = ["GET": "Get", "PUT": "Put", "DELETE": "Delete"][method],
            let part = parts.first(where: { target.asks($0.parameter) })
        else { return nil }
        if part.isNumbered, method == "GET", !target.asks("id") { return "List\(part.name)s" }
        return verb + (method == "DELETE" ? part.nameInDelete ?? part.name : part.name)
    }

    static func status(of refusal: Refusal) -> Int {
        switch refusal {
        case .retryable: 503
        case .permanent: 403
        }
    }

    /// The same in the headers and the body, as S3 sends them.
    private static let requestID = "FAULTLINE0000000"
    private static let hostID = "faultline"

    static func errorHeaders(status: Int) -> [Reply.Header] {
        [Reply.Header("x-amz-request-id", requestID), Reply.Header("x-amz-id-2", hostID)]
    }

    /// Codes and messages from S3's list of error responses.
    static func errorBody(status: Int, operation: String) -> (type: String, body: String) {
        let (code, message) = wording(status, operation)
        let body = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Error><Code>\(code)</Code><Message>\(message)</Message><RequestId>\(requestID)</RequestId>\
            <HostId>\(hostID)</HostId></Error>
            """
        return ("application/xml", body)
    }

    private static func wording(_ status: Int, _ operation: String) -> (code: String, message: String) {
        switch status {
        case 400: ("BadRequest", "Bad Request")
        case 403: ("AccessDenied", "Access Denied")
        case 404: missing(operation)
        case 405: ("MethodNotAllowed", "The specified method is not allowed against this resource.")
        case 408:
            (
                "RequestTimeout",
                "Your socket connection to the server was not read from or written to within the timeout period. "
                    + "Idle connections will be closed."
            )
        case 409:
            (
                "OperationAborted",
                "A conflicting conditional operation is currently in progress against this resource. Try again."
            )
        case 411: ("MissingContentLength", "You must provide the Content-Length HTTP header.")
        case 412: ("PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        case 416: ("InvalidRange", "The requested range is not satisfiable")
        case 429, 503: ("SlowDown", "Please reduce your request rate.")
        case 500: ("InternalError", "We encountered an internal error. Please try again.")
        case 501:
            ("NotImplemented", "A header you provided implies functionality that is not implemented.")
        default: ("Error", "The request failed with status \(status).")
        }
    }

    private static func missing(_ operation: String) -> (code: String, message: String) {
        if ["ListParts", "UploadPart", "UploadPartCopy", "CompleteMultipartUpload", "AbortMultipartUpload"]
            .contains(operation)
        {
            return (
                "NoSuchUpload",
                "The specified upload does not exist. The upload ID may be invalid, or the upload may have been "
                    + "aborted or completed."
            )
        }
        if operation.contains("Bucket") || operation.hasPrefix("ListObject") || operation == "ListMultipartUploads" {
            return ("NoSuchBucket", "The specified bucket does not exist")
        }
        return ("NoSuchKey", "The specified key does not exist.")
    }
}
