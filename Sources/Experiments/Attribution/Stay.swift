/// One document's time in one lane, from before it was submitted until after its result was there.
package struct Stay: Hashable, Sendable, Codable {
    package var lane: Int
    package var document: String
    /// The submission's id.
    package var submission: String
    /// Nanoseconds of the wire history, as all times here.
    package var from: Int64
    package var to: Int64

    package init(lane: Int, document: String, submission: String, from: Int64, to: Int64) {
        self.lane = lane
        self.document = document
        self.submission = submission
        self.from = from
        self.to = to
    }
}
