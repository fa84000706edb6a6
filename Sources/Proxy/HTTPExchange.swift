import Faults
import Reactor
import Wire

/// A request and its answer.
struct HTTPExchange {
    /// An answer that the proxy gives in the upstream's place.
    struct OwnAnswer {
        var bytes: [UInt8]
        var status: Int
        var delay: Nanoseconds
        var window: Int
        /// The connection ends after it.
        var closes: Bool
        /// It may go as soon as its turn comes.
        var isReady: Bool

        var retryAfterMilliseconds: Int? { HTTPHeadParser.retryAfterMilliseconds(bytes.span.bytes) }
    }

    /// What the client gets when the upstream has done what it was asked to.
    struct Replacement {
        var reply: Reply
        var window: Int
    }

    var number: Int
    var method: String
    var target: String
    var operation: String
    var key: String
    /// Of the request, where an open window looked at them as it passed.
    var headers: [Reply.Header] = []
    /// `nil` when the upstream answers.
    var ownAnswer: OwnAnswer?
    var replacement: Replacement?
    /// Changes to the answer's head that were decided on with the request.
    var answerEdits: [HeadEdit] = []
    /// The request was sent a second time, and the answer to that goes nowhere.
    var isSecond = false
}
