/// One HTTP request, and what shall become of its answer.
package struct HTTPRequest: Sendable {
    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// The file of this path, streamed.
        case file(String)
    }

    package enum Sink: Sendable {
        /// The answer's body in memory; a larger one fails the request with `too-large`.
        case memory(limitBytes: Int)
        /// The body of a 2xx answer goes to the file of this path, which a failed request removes.
        /// Other bodies go to memory, up to 1 MiB.
        case file(String)
    }

    /// AWS Signature Version 4.
    package struct Signing: Hashable, Sendable {
        package var accessKey: String
        package var secretKey: String
        package var region: String
        package var service: String

        package init(accessKey: String, secretKey: String, region: String, service: String) {
            self.accessKey = accessKey
            self.secretKey = secretKey
            self.region = region
            self.service = service
        }
    }

    package var method: String
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: Body
    package var sink: Sink
    package var signing: Signing?
    /// A body that ends before its announced length is taken as it is; usually it fails the request as `connection-lost`.
    package var acceptsShortBody = false
    /// The body of an answer goes to the file whatever its status.
    package var keepsErrorBody = false
    /// For errors: the service by its name in system files, and the operation in the service's own words.
    package var service: String
    package var operation: String

    package init(
        service: String, operation: String, method: String, url: String,
        headers: [(name: String, value: String)] = [], body: Body = .none,
        sink: Sink = .memory(limitBytes: 64 << 20), signing: Signing? = nil
    ) {
        self.service = service
        self.operation = operation
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.sink = sink
        self.signing = signing
    }
}
