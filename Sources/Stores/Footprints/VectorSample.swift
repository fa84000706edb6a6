import Consistency

/// Looks at the vectors of some points of each document, and tells which texts they are the embeddings of.
///
/// All of them would be megabytes of JSON for a document; what mixes vectors up does so from the first ones on.
struct VectorSample {
    /// Of a document.
    static let pointsMax = 16
    /// Of a request: about 4 MB of JSON.
    private static let batch = 200
    /// Cosine of the angle to the right vector; Qdrant keeps vectors at unit length, which rounds them.
    private static let likenessMin: Float = 0.999

    /// A point, and the text that it holds.
    struct Member {
        var id: String
        var document: String
        var key: String
        var text: String
    }

    private let members: [String: [Member]]

    /// The first points of each document, by their keys.
    init(_ found: [Member]) {
        members = Dictionary(grouping: found, by: \.document).mapValues { own in
            Array(
                own.sorted { (Int($0.key) ?? .max, $0.key, $0.id) < (Int($1.key) ?? .max, $1.key, $1.id) }.prefix(
                    Self.pointsMax))
        }
    }

    /// By the point's id.
    func look(
        in collection: String, client: QdrantClient, embedding: (_ text: String, _ dimensions: Int) -> [Float]
    ) async throws(StoreError) -> [String: Record.Embedded] {
        let ids = members.values.flatMap { $0.map(\.id) }
        var vectors: [String: [Float]] = [:]
        for start in stride(from: 0, to: ids.count, by: Self.batch) {
            let batch = Array(ids[start..<min(start + Self.batch, ids.count)])
            for point in try await client.retrieve(batch, from: collection) { vectors[point.id] = point.vector }
        }
        var told: [String: Record.Embedded] = [:]
        for own in members.values {
            for member in own {
                guard let vector = vectors[member.id] else { continue }
                func isOf(_ text: String) -> Bool {
                    Self.likeness(vector, embedding(text, vector.count)) >= Self.likenessMin
                }
                if isOf(member.text) {
                    told[member.id] = .own
                } else {
                    told[member.id] = own.contains { isOf($0.text) } ? .other : .unknown
                }
            }
        }
        return told
    }

    private static func likeness(_ left: [Float], _ right: [Float]) -> Float {
        guard left.count == right.count, !left.isEmpty else { return 0 }
        var (product, leftSquares, rightSquares): (Float, Float, Float) = (0, 0, 0)
        for index in left.indices {
            product += left[index] * right[index]
            leftSquares += left[index] * left[index]
            rightSquares += right[index] * right[index]
        }
        let lengths = (leftSquares * rightSquares).squareRoot()
        return lengths > 0 ? product / lengths : 0
    }
}
