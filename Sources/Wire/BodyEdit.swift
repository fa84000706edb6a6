/// A change to the body of a message, which takes the whole of it.
package enum BodyEdit: Hashable, Sendable {
    /// It is cut in the middle, so that what it holds (JSON, XML) cannot be read. Its framing stays right.
    case malform
    /// The vectors of an answer to `embeddings` come in another order, each with its number (`index`).
    case reorderEmbeddings
    /// One vector of an answer to `embeddings` is missing; the others keep their numbers.
    case dropEmbedding
    /// The vectors of an answer to `embeddings` have so many dimensions: cut off, or filled with zeros.
    case resizeEmbeddings(dimensions: Int)
}
