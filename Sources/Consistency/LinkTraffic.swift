/// What a link saw during a run, as far as invariants need it.
package struct LinkTraffic: Hashable, Sendable, Codable {
    package var link: String
    package var service: String
    package var messages: Int
    package var bytes: Int
    /// Of these messages, how many asked the service for nothing but a session, or for where its servers are. Nil: this link
    /// does not tell.
    package var errands: Int?
    /// Keys seen, on a link whose keys name documents (`Submission.sourceKey`). Nil: this link has none.
    package var keys: Set<String>?
    /// The history lost its end, so a key that is missing here may have been on the wire.
    package var isCutShort: Bool

    package init(
        link: String, service: String, messages: Int, bytes: Int, errands: Int? = nil, keys: Set<String>? = nil,
        isCutShort: Bool = false
    ) {
        self.link = link
        self.service = service
        self.messages = messages
        self.bytes = bytes
        self.errands = errands
        self.keys = keys
        self.isCutShort = isCutShort
    }
}
