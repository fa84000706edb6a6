/// Reads the XML that S3 answers with.
enum S3Answer {
    struct Listing {
        var entries: [S3Client.Entry]
        /// The token of the next page.
        var next: String?
    }

    /// Codes after which the same request may succeed later, though their status alone says no.
    private static let transient: Set = [
        "RequestTimeout", "SlowDown", "InternalError", "OperationAborted", "Throttling",
    ]

    static func error(_ response: HTTPResponse, _ request: HTTPRequest) -> StoreError {
        let body = XMLText(response.text)
        let code = body.first("Code") ?? (response.status == 404 && request.method == "HEAD" ? "NotFound" : nil)
        var error = response.failure(of: request, code: code, message: body.text("Message"))
        if let code, transient.contains(code) { error.isTransient = true }
        return error
    }

    static func listing(_ response: HTTPResponse, _ request: HTTPRequest) throws(StoreError) -> Listing {
        let body = XMLText(response.text)
        guard body.first("ListBucketResult") != nil else { throw malformed(request, "no ListBucketResult") }
        var entries: [S3Client.Entry] = []
        for content in body.all("Contents").map({ XMLText($0) }) {
            guard let key = content.text("Key").flatMap({ PercentEncoding.decode($0.replacing("+", with: " ")) }),
                let bytes = content.first("Size").flatMap({ Int($0) })
            else { throw malformed(request, "an object without key or size") }
            entries.append(S3Client.Entry(key: key, bytes: bytes))
        }
        let next = body.first("IsTruncated") == "true" ? body.text("NextContinuationToken") : nil
        return Listing(entries: entries, next: next)
    }

    /// The answer lists the objects that could not be deleted, with status 200.
    static func checkDeleted(_ response: HTTPResponse, _ request: HTTPRequest) throws(StoreError) {
        let errors = XMLText(response.text).all("Error").map { XMLText($0) }
        guard let first = errors.first else { return }
        let code = first.first("Code")
        throw StoreError(
            service: "s3", operation: request.operation, outcome: .indefinite,
            isTransient: code.map { transient.contains($0) } ?? false, code: code,
            message: "\(errors.count) objects were not deleted, the first \(first.text("Key") ?? "?"): "
                + (first.text("Message") ?? ""))
    }

    static func malformed(_ request: HTTPRequest, _ what: String) -> StoreError {
        StoreError(
            service: "s3", operation: request.operation, outcome: .indefinite, isTransient: true,
            code: StoreError.Code.badAnswer, message: what)
    }
}
