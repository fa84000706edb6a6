/// The JSON of `POST /v1/embeddings` as it was sent. Types are checked here, values in `EmbeddingsRequest`.
struct EmbeddingsBody: Decodable {
    let model: String
    let inputs: [EmbeddingsRequest.Input]
    let dimensions: Int?
    let encoding: String?

    private struct Key: CodingKey, Hashable {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ stringValue: String) { self.stringValue = stringValue }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    private static let known: Set<String> = ["model", "input", "dimensions", "encoding_format", "user"]

    /// - Throws: `OpenAIRefusal` for values of a wrong type, `DecodingError` for what isn't JSON.
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        let strays = values.allKeys.map(\.stringValue).filter { !Self.known.contains($0) }.sorted()
        guard strays.isEmpty else {
            let noun = strays.count == 1 ? "argument" : "arguments"
            throw OpenAIRefusal.badRequest(
                "Unrecognized request \(noun) supplied: \(strays.joined(separator: ", "))")
        }
        guard let model = try? values.decode(String.self, forKey: Key("model")) else { throw OpenAIRefusal.noModel }
        self.model = model
        inputs = try Self.inputs(values)
        dimensions = try Self.optional(Int.self, "dimensions", "an integer", values)
        encoding = try Self.optional(String.self, "encoding_format", "a string", values)
    }

    private static func inputs(_ values: KeyedDecodingContainer<Key>) throws -> [EmbeddingsRequest.Input] {
        let key = Key("input")
        if let text = try? values.decode(String.self, forKey: key) { return [.text(text)] }
        if let texts = try? values.decode([String].self, forKey: key) { return texts.map { .text($0) } }
        if let tokens = try? values.decode([Int].self, forKey: key) { return [.tokens(tokens)] }
        if let batches = try? values.decode([[Int]].self, forKey: key) { return batches.map { .tokens($0) } }
        throw OpenAIRefusal.invalidInput
    }

    private static func optional<Value: Decodable>(
        _ type: Value.Type, _ name: String, _ noun: String, _ values: KeyedDecodingContainer<Key>
    ) throws -> Value? {
        do {
            return try values.decodeIfPresent(type, forKey: Key(name))
        } catch {
            throw OpenAIRefusal.badRequest(
                "Invalid type for '\(name)': expected \(noun).", param: name, code: "invalid_type")
        }
    }
}
