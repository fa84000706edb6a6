import Faults
import Reactor
import Wire

/// One direction of a connection: from where to where, and what lies in between.
///
/// A plain struct behind a pointer, so that the hot path counts no references; never copied, which would count some.
struct Half: ~Copyable {
    let direction: Direction
    /// The link's, of this direction and loop.
    let counts: UnsafeMutablePointer<DirectionCounts>
    var source: Int32
    var sink: Int32
    /// What epoll said last, until a call says otherwise.
    var readable = false
    var writable = false
    /// The source's end may be near, so a short read doesn't mean that there is nothing more.
    var endIsNear = false
    var sawEnd = false
    var endSent = false
    /// The window that holds this half, 0 for none.
    var holder = 0
    /// It was held until now, and what was is yet to go on.
    var wasHeld = false
    /// What is held never passes: when it would, the connection is reset.
    var hangs = false
    /// The message that the half is in the middle of; on a connection of bytes, the chunk that is held.
    var message: MessageInPassing?
    /// What was decided on the message that is held, where there are more than bytes.
    var heldDecision: Decision?
    /// Bytes that are read and not yet passed on: a part of a head, or what is held.
    var input: [UInt8] = []
    var output = OutputQueue()
    /// The bytes that a flow is taking apart now, empty at all other times.
    var inHand = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Of those in hand, what has been passed on and not been sent yet: messages that came together leave together.
    var corked = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Nothing may be sent before this.
    var due = Nanoseconds.zero
    /// Of the present message; its later pieces are delayed too.
    var delay = Nanoseconds.zero
    /// Of the present message, `nil` when its bytes leave as they are.
    var shaping: Shaping?
    /// Where shaped bytes leave; `nil` until there are any.
    var outlet: Outlet?
    /// Nothing more passes but what is queued.
    var isCutShort = false
    /// Deadline of the timer that is set, to set none twice.
    var timer = Nanoseconds.zero
    /// Full reads in a row.
    var fullReads = 0
    var pipe: SplicePipe?

    init(_ direction: Direction, _ counts: UnsafeMutablePointer<DirectionCounts>) {
        self.direction = direction
        self.counts = counts
        source = -1
        sink = -1
    }

    /// What comes waits until an answer of the other direction is there.
    var isPaused = false

    /// Whether a flow may deal with more of what has come.
    var mayTake: Bool { !isHeld && !isPaused && !isCutShort }

    var isHeld: Bool { holder != 0 && !isCutShort }
    var pipeCount: Int { pipe?.count ?? 0 }
    var waitingBytes: Int { input.count + output.byteCount + pipeCount }

    private static let queueMax = 256 * 1024
    private static let delayedQueueMax = 4 * 1024 * 1024
    /// What waits for its turn at a rate must not hide from its sender that it is slow.
    private static let shapedQueueMax = 64 * 1024

    /// Whether more may be read, so that memory stays bounded.
    func mayRead(at now: Nanoseconds) -> Bool {
        readable && !sawEnd && !isHeld && !isPaused && pipeCount == 0
            && output.cost < (due > now ? Self.delayedQueueMax : output.isShaped ? Self.shapedQueueMax : Self.queueMax)
    }
}
