import Foundation

/// `POST /v1/embeddings`, read and checked as the real API does.
struct EmbeddingsRequest: Sendable {
    enum Encoding: String, Sendable { case float, base64 }

    /// One thing to embed.
    enum Input: Sendable {
        case text(String)
        case tokens([Int])

        var tokenCount: Int {
            switch self {
            case .text(let text): TokenCount.of(text)
            case .tokens(let tokens): tokens.count
            }
        }

        /// What the vector is made of. Tokens aren't turned back into their text, so they have a vector of their own.
        var seed: String {
            switch self {
            case .text(let text): text
            case .tokens(let tokens): tokens.map(String.init).joined(separator: ",")
            }
        }
    }

    static let inputsMax = 2048
    static let tokensPerInputMax = 8192
    static let tokensPerRequestMax = 300_000

    let model: EmbeddingModel
    let inputs: [Input]
    let dimensions: Int
    let encoding: Encoding
    let tokens: Int

    init(json: Data) throws(OpenAIRefusal) {
        let body: EmbeddingsBody
        do {
            body = try JSONDecoder().decode(EmbeddingsBody.self, from: json)
        } catch let refusal as OpenAIRefusal {
            throw refusal
        } catch {
            throw .malformedJSON
        }
        guard let model = EmbeddingModel.named(body.model) else { throw .unknownModel(body.model) }
        self.model = model
        dimensions = try Self.dimensions(body.dimensions, of: model)
        encoding = try Self.encoding(body.encoding)
        inputs = body.inputs
        tokens = try Self.count(body.inputs)
    }

    private static func dimensions(_ asked: Int?, of model: EmbeddingModel) throws(OpenAIRefusal) -> Int {
        guard let asked else { return model.dimensions }
        guard model.canShorten else { throw .badRequest("This model does not support specifying dimensions.") }
        guard asked >= 1 else {
            throw .badRequest(
                "Invalid 'dimensions': integer below minimum value. Expected a value >= 1, but got \(asked) instead.",
                param: "dimensions", code: "integer_below_min_value")
        }
        guard asked <= model.dimensions else {
            throw .badRequest(
                "Invalid value for 'dimensions' = \(asked). Must be less than or equal to \(model.dimensions).")
        }
        return asked
    }

    private static func encoding(_ asked: String?) throws(OpenAIRefusal) -> Encoding {
        guard let asked else { return .float }
        guard let encoding = Encoding(rawValue: asked) else {
            throw .badRequest(
                "Invalid value: '\(asked)'. Supported values are: 'float' and 'base64'.", param: "encoding_format",
                code: "invalid_value")
        }
        return encoding
    }

    /// Tokens of all inputs together.
    private static func count(_ inputs: [Input]) throws(OpenAIRefusal) -> Int {
        guard !inputs.isEmpty else { throw .invalidInput }
        guard inputs.count <= inputsMax else {
            throw .badRequest(
                """
                Invalid 'input': array too long. Expected an array with maximum length \(inputsMax), but got an array with \
                length \(inputs.count) instead.
                """, param: "input", code: "array_above_max_length")
        }
        var total = 0
        for (index, input) in inputs.enumerated() {
            if case .text("") = input {
                throw .badRequest(
                    "Invalid 'input[\(index)]': input cannot be an empty string.", param: "input",
                    code: "invalid_value")
            }
            if case .tokens(let tokens) = input, tokens.isEmpty || tokens.contains(where: { $0 < 0 }) {
                throw .invalidInput
            }
            let tokens = input.tokenCount
            guard tokens <= tokensPerInputMax else {
                throw .badRequest(
                    """
                    This model's maximum context length is \(tokensPerInputMax) tokens, however you requested \(tokens) \
                    tokens (\(tokens) in your prompt; 0 for the completion). Please reduce your prompt; or completion length.
                    """)
            }
            total += tokens
        }
        guard total <= tokensPerRequestMax else {
            var refusal = OpenAIRefusal.badRequest(
                "Requested \(total) tokens, max \(tokensPerRequestMax) tokens per request",
                code: "max_tokens_per_request")
            refusal.type = "max_tokens_per_request"
            throw refusal
        }
        return total
    }
}
