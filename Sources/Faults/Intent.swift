package import Wire

/// What shall happen to a message.
package enum Intent: Hashable, Sendable {
    /// Nothing: it was seen, which other windows may wait for.
    case watch
    /// Nothing of itself: a process is to be struck because of it. Where it holds, nothing passes in this direction until that is
    /// done. A strike only when it was.
    case summon(holds: Bool)
    /// Later messages queue behind it, and the end of the stream too.
    case delay(Duration)
    /// Its bytes pass no faster than so many a second. A strike only when some had to wait.
    case pace(bytesPerSecond: Int)
    /// It goes out in pieces. A strike only when there is more than one.
    case slice(Slicing)
    /// A bit of this share of its bytes is flipped. A strike only when one was.
    case corrupt(share: Double)
    /// Nothing passes until the window is over, in this direction, from this message on.
    case hold
    /// The same, and what is held never passes: when the window is over the connection is reset.
    case hang
    /// The head is changed on its way.
    case edit(HeadEdit)
    /// The head of its answer is changed on its way. Of a request; no strike.
    case editAnswer([HeadEdit])
    /// The body is changed on its way. A strike only when it was: a body of more bytes than this, or of another kind, passes
    /// as it is.
    case rewrite(BodyEdit, upTo: Int)
    /// The head says that the body has so many bytes more, or fewer, than it has. The connection ends after it.
    case misframe(by: Int)
    /// The service gets the request twice, and the client the first answer. A strike only when it was sent again: one of more
    /// bytes than this is not.
    case duplicate(upTo: Int)
    /// The request is not applied; the client gets this answer.
    case reply(Reply)
    /// The request is applied, its answer awaited whole and thrown away; the client gets this one. A strike only when the
    /// service had answered with success.
    case replyAfter(Reply)
    /// The message never arrives, and the connection breaks: a request is not applied; an answer is awaited whole first.
    case lose
    /// So many bytes of the message pass, then both sides get RST; without a number none does.
    case reset(after: Int?)
    /// So many bytes of the message pass, then the connection ends in order on both sides; without a number none does.
    case close(after: Int?)
    /// In the message's place the receiver gets the end of the stream. What its sender sends from here on is thrown away;
    /// the other direction goes on.
    case halfClose
    /// The head passes as it is and so many bytes of the body, then the connection ends in order.
    case truncate(after: Int)

    /// It changes nothing of what happens, and only says something of it.
    package var isOnlyTold: Bool {
        if case .editAnswer = self { true } else { false }
    }

    /// Whether the intent changes what it is carried out on whatever that is; else who carries it out says whether it did.
    package var isCertain: Bool {
        switch self {
        case .pace, .slice, .corrupt, .rewrite, .duplicate, .replyAfter, .editAnswer, .summon: false
        default: true
        }
    }

    /// Whether the message is refused, which one that the service refuses by itself cannot be. The end of a session can come
    /// at any time.
    var isRefusal: Bool {
        switch self {
        case .reply(.sql(let error)): !error.isFatal
        case .reply, .replyAfter: true
        default: false
        }
    }
}

/// How a message is cut in pieces. Sizes in bytes.
package struct Slicing: Hashable, Sendable {
    package var size: Int
    /// A piece has `size` bytes, give or take so many; less than `size`.
    package var variation: Int
    /// The time between two pieces.
    package var gap: Duration

    package init(size: Int, variation: Int = 0, gap: Duration = .zero) {
        self.size = size
        self.variation = variation
        self.gap = gap
    }
}
