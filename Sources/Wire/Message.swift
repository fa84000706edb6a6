/// What a link knows of one message when it decides what shall happen to it: enough to select by, never its body.
package struct Message: Hashable, Sendable {
    package var direction: Direction
    /// The protocol's label of the operation (`GetObject`, `embeddings`), the same on the request and its answer;
    /// `bytes` on a `tcp` link.
    package var operation: String
    /// What the operation is about: an object's key, a collection's name; empty where the protocol names nothing.
    package var key: String
    /// The answer's status; 0 on requests and on `tcp` links.
    package var status: Int
    /// How long its body is, where its head tells.
    package var bodyBytes: Int?

    package init(
        direction: Direction, operation: String, key: String = "", status: Int = 0, bodyBytes: Int? = nil
    ) {
        self.direction = direction
        self.operation = operation
        self.key = key
        self.status = status
        self.bodyBytes = bodyBytes
    }

    /// The operation of every message on a `tcp` link.
    package static let bytesOperation = "bytes"
}
