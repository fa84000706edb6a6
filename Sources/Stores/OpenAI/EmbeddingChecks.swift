/// What a client looks at in an answer to `embeddings`, whose text says one thing and whose numbers may say another.
package struct EmbeddingChecks: OptionSet, Hashable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// It can be read at all.
    package static let body = EmbeddingChecks(rawValue: 1)
    /// There is one vector an input.
    package static let count = EmbeddingChecks(rawValue: 2)
    /// Vectors go by their `index`, not by their place.
    package static let index = EmbeddingChecks(rawValue: 4)
    /// Vectors have as many dimensions as were asked for.
    package static let dimensions = EmbeddingChecks(rawValue: 8)
    package static let all: EmbeddingChecks = [.body, .count, .index, .dimensions]
}
