/// Makes signed requests. libcurl signs rightly when the query is sorted, a bare parameter is written `?delete=`, keys are
/// percent-encoded, and the body's digest stands in `x-amz-content-sha256`.
struct S3Requests: Sendable {
    private let endpoint: String
    private let address: ServiceAddress?
    private let region: String

    init(endpoint: String, region: String) {
        self.endpoint = endpoint
        address = ServiceAddress(endpoint, defaultPort: endpoint.hasPrefix("https") ? 443 : 80)
        self.region = region
    }

    /// Where a bucket shall be; empty for the first region, which S3 does not want named.
    var bucketConfiguration: String {
        guard region != "us-east-1" else { return "" }
        let place = "<LocationConstraint>\(XMLText.escape(region))</LocationConstraint>"
        return "<CreateBucketConfiguration>\(place)</CreateBucketConfiguration>"
    }

    func make(
        _ operation: String, _ method: String, _ bucket: String, _ key: String? = nil,
        query: [(String, String)] = [], body: HTTPRequest.Body = .none
    ) throws(StoreError) -> HTTPRequest {
        guard let address else { throw StoreError(service: "s3", operation: operation, unreadable: endpoint) }
        var url = "\(address.origin)/\(PercentEncoding.encode(bucket))"
        if let key { url += "/\(PercentEncoding.encode(key, keepSlashes: true))" }
        if !query.isEmpty {
            let pairs = query.map { (PercentEncoding.encode($0.0), PercentEncoding.encode($0.1)) }
            url += "?" + pairs.sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        }
        return HTTPRequest(
            service: "s3", operation: operation, method: method, url: url,
            headers: [("x-amz-content-sha256", Self.digest(of: body))], body: body,
            signing: HTTPRequest.Signing(
                accessKey: address.user ?? "test", secretKey: address.password ?? "test", region: region, service: "s3")
        )
    }

    private static func digest(of body: HTTPRequest.Body) -> String {
        switch body {
        case .none: SHA256.hex([])
        case .bytes(let bytes): SHA256.hex(bytes)
        // Reading a file twice, only to sign it, would stall its thread.
        case .file: "UNSIGNED-PAYLOAD"
        }
    }
}
