/// A client of the OpenAI embeddings API.
package struct OpenAIClient: Sendable {
    package enum Encoding: String, Sendable { case base64, float }

    private let endpoint: String
    private let apiKey: String
    private let encoding: Encoding
    private let checks: EmbeddingChecks
    private let http: HTTPClient

    /// `endpoint` as in `Endpoints.openai`.
    package init(
        endpoint: String, apiKey: String = "test", encoding: Encoding = .base64, checks: EmbeddingChecks = .all,
        http: HTTPClient
    ) {
        self.endpoint = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
        self.apiKey = apiKey
        self.encoding = encoding
        self.checks = checks
        self.http = http
    }

    /// One vector an input, in the order of the inputs. Checked: the count, that every index occurs once, the dimensions;
    /// what the caller does without leaves an empty vector where there is none.
    package func embeddings(
        model: String, inputs: [String], dimensions: Int, timeout: Duration? = nil
    ) async throws(StoreError) -> [[Float]] {
        guard !inputs.isEmpty else { return [] }
        let body: JSON = [
            "model": .string(model), "input": .array(inputs.map { .string($0) }), "dimensions": .int(dimensions),
            "encoding_format": .string(encoding.rawValue),
        ]
        let request = HTTPRequest(
            service: "openai", operation: "embeddings", method: "POST", url: "\(endpoint)/embeddings",
            headers: [("Content-Type", "application/json"), ("Authorization", "Bearer \(apiKey)")],
            body: .bytes(body.bytes), sink: .memory(limitBytes: 256 << 20))
        let response = try await http.send(request, timeout: timeout)
        guard response.isSuccess else { throw OpenAIError.error(response, request) }
        do throws(EmbeddingsAnswer.Wrong) {
            return try EmbeddingsAnswer.vectors(
                response.body, count: inputs.count, dimensions: dimensions, checks: checks)
        } catch {
            throw StoreError(
                service: "openai", operation: "embeddings", outcome: .definite, isTransient: true,
                code: StoreError.Code.badAnswer, message: error.message)
        }
    }
}
