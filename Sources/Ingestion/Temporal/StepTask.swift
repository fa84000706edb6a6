/// What an activity of the saga is given.
struct StepTask: Hashable, Sendable, Codable {
    var request: IngestionRequest
    /// Of the bytes that the saga is about, once they were downloaded.
    var digest: String?
    /// Of the largest version that is known to be on its way or in a store; time limits grow with it.
    var chunks: Int
}
