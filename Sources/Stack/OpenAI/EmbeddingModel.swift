/// An embedding model that the stand-in serves, with the limits of the real one.
struct EmbeddingModel: Hashable, Sendable {
    let id: String
    /// Dimensions of a vector unless asked otherwise.
    let dimensions: Int
    /// Whether a request may ask for fewer.
    let canShorten: Bool
    /// When it was published, in seconds since 1970.
    let created: Int

    static let all = [
        EmbeddingModel(id: "text-embedding-3-small", dimensions: 1536, canShorten: true, created: 1_705_948_997),
        EmbeddingModel(id: "text-embedding-3-large", dimensions: 3072, canShorten: true, created: 1_705_953_180),
        EmbeddingModel(id: "text-embedding-ada-002", dimensions: 1536, canShorten: false, created: 1_671_217_299),
    ]

    static func named(_ id: String) -> EmbeddingModel? { all.first { $0.id == id } }

    /// The entry of `GET /v1/models`.
    var json: String {
        #"{"id":"\#(id)","object":"model","created":\#(created),"owned_by":"system"}"#
    }
}
