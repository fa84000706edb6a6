/// The body of an answer to `POST /embeddings`.
enum EmbeddingsAnswer {
    struct Wrong: Error {
        var message: String
    }

    /// The vectors by their `index`, whatever order they came in.
    static func vectors(
        _ body: [UInt8], count: Int, dimensions: Int, checks: EmbeddingChecks = .all
    ) throws(Wrong) -> [[Float]] {
        guard let data = JSON(body)?["data"]?.array else {
            guard checks.contains(.body) else { return Array(repeating: [], count: count) }
            throw Wrong(message: "no `data` in: \(String(decoding: body.prefix(200), as: UTF8.self))")
        }
        guard data.count == count || !checks.contains(.count) else {
            throw Wrong(message: "\(data.count) embeddings for \(count) inputs")
        }
        var vectors = [[Float]?](repeating: nil, count: count)
        for (place, element) in data.enumerated() {
            guard let index = checks.contains(.index) ? element["index"]?.int : place, vectors.indices.contains(index),
                vectors[index] == nil
            else {
                throw Wrong(message: "an index is missing, repeated or out of range")
            }
            let vector = try vector(element["embedding"])
            guard vector.count == dimensions || !checks.contains(.dimensions) else {
                throw Wrong(message: "embedding \(index) has \(vector.count) dimensions, not \(dimensions)")
            }
            vectors[index] = vector
        }
        return vectors.map { $0 ?? [] }
    }

    private static func vector(_ value: JSON?) throws(Wrong) -> [Float] {
        switch value {
        case .array(let numbers)?:
            let vector = numbers.compactMap(\.float)
            guard vector.count == numbers.count else { throw Wrong(message: "an embedding holds more than numbers") }
            return vector
        case .string(let text)?:
            guard let bytes = Base64.decode(text), bytes.count.isMultiple(of: 4) else {
                throw Wrong(message: "an embedding is not base64 of 32-bit floats")
            }
            let vector = bytes.withUnsafeBytes { raw in
                (0..<raw.count / 4).map { index in
                    Float(
                        bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
                }
            }
            guard vector.allSatisfy(\.isFinite) else { throw Wrong(message: "an embedding holds more than numbers") }
            return vector
        default:
            throw Wrong(message: "an `embedding` is missing")
        }
    }
}
