/// A client of the OpenAI embeddings API.
package struct OpenAIClient: Sendable {
    package enum Encoding: String, Sendable { case base64, float }

    /// `endpoint` as in `Endpoints.openai`.
    package init(endpoint: String, apiKey: String = "test", encoding: Encoding = .base64, http: HTTPClient) {
    }

    /// One vector an input, in the order of the inputs. Checked: the count, that every index occurs once, the dimensions.
    package func embeddings(
        model: String, inputs: [String], dimensions: Int, timeout: Duration? = nil
    ) async throws(StoreError) -> [[Float]] {
        fatalError("not yet")
    }
}
