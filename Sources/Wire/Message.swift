/// What a link knows of one message when it decides what shall happen to it: enough to select by, never its body.
package struct Message: Hashable, Sendable {
    package var direction: Direction
    /// The protocol's label of the operation (`GetObject`, `embeddings`, `INSERT chunks`, `COMMIT`), the same on the request
    /// and its answer; `bytes` on a `tcp` link.
    package var operation: String
    /// What the operation is about: an object's key, a collection's name; empty where the protocol names nothing.
    package var key: String
    /// The answer's status; 0 on requests and where the protocol has none.
    package var status: Int
    /// How long its body is, where its head tells.
    package var bodyBytes: Int?
    /// What of its content selectors may look at.
    package var content: MessageContent
    /// The service refuses it by itself, as all that comes before the present transaction is given up.
    package var isRefusedAnyway: Bool
    /// From which the client has connected; 0 unless an open window looks at it, and where there is none.
    package var clientPort: Int

    package init(
        direction: Direction, operation: String, key: String = "", status: Int = 0, bodyBytes: Int? = nil,
        content: MessageContent = MessageContent(), isRefusedAnyway: Bool = false, clientPort: Int = 0
    ) {
        self.direction = direction
        self.operation = operation
        self.key = key
        self.status = status
        self.bodyBytes = bodyBytes
        self.content = content
        self.isRefusedAnyway = isRefusedAnyway
        self.clientPort = clientPort
    }

    /// The operation of every message on a `tcp` link.
    package static let bytesOperation = "bytes"
}

/// The parts of a message's content that selectors look at. An answer has those of its request, but for the headers.
package struct MessageContent: Hashable, Sendable {
    /// HTTP: the request's method.
    package var method: String
    /// HTTP: the request's path, without its query, as it was sent.
    package var path: String
    /// HTTP: the headers of this very message. Empty unless an open window looks at them.
    package var headers: [Reply.Header]
    /// HTTP: the headers of the request. Empty unless an open window looks at them, and if none did when the request passed.
    package var requestHeaders: [Reply.Header]
    /// PostgreSQL and Bolt: the statement's text, its beginning where it is long.
    package var statement: String
    /// PostgreSQL and Bolt: the values that a statement is given, as they are on the wire, read as text; their beginning where
    /// they are long. Empty unless an open window looks at them.
    package var parameters: String
    /// Redis: the keys behind the first, which is the message's own.
    package var moreKeys: [String]

    package init(
        method: String = "", path: String = "", headers: [Reply.Header] = [], requestHeaders: [Reply.Header] = [],
        statement: String = "", parameters: String = "", moreKeys: [String] = []
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.requestHeaders = requestHeaders
        self.statement = statement
        self.parameters = parameters
        self.moreKeys = moreKeys
    }
}
