import Stores

/// Plain questions over HTTP, for services whose readiness shows in one page.
enum ProbeHTTP {
    static let client = HTTPClient()

    static func get(
        _ url: String, of service: any StackService, signing: HTTPRequest.Signing? = nil, timeout: Duration
    ) async throws -> HTTPResponse {
        let request = HTTPRequest(
            service: service.name, operation: "probe", method: "GET", url: url, sink: .memory(limitBytes: 1 << 20),
            signing: signing)
        let answer = try await client.send(request, timeout: timeout)
        guard answer.isSuccess else {
            throw StackError(service: service.name, what: "GET \(url) was answered by status \(answer.status)")
        }
        return answer
    }
}
