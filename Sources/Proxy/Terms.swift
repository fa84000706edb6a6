import Faults
import Reactor
import Wire

/// What windows that strike connections have laid upon one, while they are open.
final class Terms {
    struct Limit {
        let window: Int
        /// Each direction counts for itself.
        let direction: Direction
        var bytesLeft: Int
    }

    struct LateEnd {
        let window: Int
        let direction: Direction
        let delay: Nanoseconds
        /// When the end of the stream may pass; `nil` while it hasn't come.
        var due: Nanoseconds?
    }

    struct Sink {
        let window: Int
        let direction: Direction
        let swallowing: Swallowing
        /// When the connection ends; `nil` while nobody knows.
        var due: Nanoseconds?
        /// For when a timer is set, to set few.
        var timer = Nanoseconds.zero
        var hasSwallowed = false
    }

    struct Leak {
        let window: Int
        let direction: Direction
        let loss: ByteLoss
        var random: SeededRandom
        var hasLostLast = false

        mutating func losesNext() -> Bool {
            hasLostLast = loss.strikes(after: hasLostLast, random: &random)
            return hasLostLast
        }
    }

    var limits: [Limit] = []
    var sinks: [Sink] = []
    var leaks: [Leak] = []
    /// A sink is over that has swallowed something: so the connection ends.
    var ruin: (window: Int, end: Swallowing.End)?
    var lateEnds: [LateEnd] = []
    /// Nobody dials before this.
    var lateDial: (window: Int, due: Nanoseconds)?
    /// The windows that isolate the connection.
    var isolators: [Int] = []
    /// Those that have stopped something.
    var provenIsolators: Set<Int> = []
    /// What epoll said while the connection was isolated; it says so once.
    var missed: (client: Readiness, upstream: Readiness) = ([], [])

    /// Whether that was more than that there is room to send.
    var hasMissed: Bool {
        !missed.client.union(missed.upstream).isDisjoint(with: [.readable, .peerClosed, .hangup, .failed])
    }

    var isIsolated: Bool { !isolators.isEmpty }
    var isEmpty: Bool {
        limits.isEmpty && lateEnds.isEmpty && lateDial == nil && isolators.isEmpty && sinks.isEmpty && leaks.isEmpty
    }

    /// The limit of a direction that is reached first.
    func tightest(_ direction: Direction) -> Int? {
        limits.indices.filter { limits[$0].direction == direction }.min { limits[$0].bytesLeft < limits[$1].bytesLeft }
    }

    func spend(_ count: Int, _ direction: Direction) {
        for index in limits.indices where limits[index].direction == direction { limits[index].bytesLeft -= count }
    }
}
