import Reactor

/// Accepts the connections of one listening socket, on one loop.
final class Listener: EventSource {
    private enum State { case idle, accepting, refusing, closed }

    private let socket: ListeningSocket
    unowned let link: Link
    private let loop: EventLoop
    private var state = State.idle
    /// Borrowed while it accepts.
    private var descriptor: Int32 = -1
    private var isWatched = false
    private static let acceptsPerTurn = 64
    private static let pause = Nanoseconds(.milliseconds(100))

    /// Neither accepts nor refuses yet: clients wait.
    init(_ socket: ListeningSocket, link: Link) {
        self.socket = socket
        self.link = link
        loop = link.links.loop
        super.init()
        loop.adopt(self)
    }

    private func watch() {
        guard !isWatched, state == .accepting else { return }
        isWatched = true
        loop.watchListener(descriptor, source: self, isShared: socket.isShared)
    }

    private func unwatch() {
        guard isWatched else { return }
        isWatched = false
        loop.unwatch(descriptor)
    }

    override func ready(_ readiness: Readiness, tag: Int) {
        for _ in 0..<Self.acceptsPerTurn { guard acceptOne() else { return } }
    }

    override func timerFired(tag: Int) {
        if state == .refusing, !link.isRefusing { accept() } else { watch() }
    }

    /// False when nobody waits to be accepted, or nobody can be now.
    private func acceptOne() -> Bool {
        guard isWatched else { return false }
        do throws(SocketError) {
            // One that was accepted still waits for a descriptor to its upstream: it goes first.
            if link.links.isStarved { throw SocketError(doing: "accept a connection", code: 0, message: "") }
            guard let client = try Socket.accept(descriptor) else { return false }
            link.take(client, lane: socket.lane)
            return true
        } catch {
            // No descriptor is left: the waiting clients stay in the backlog for a while.
            unwatch()
            loop.setTimer(loop.now + Self.pause, source: self, tag: 0)
            return false
        }
    }

    /// Refuses connections from now on. Those that were made before are taken first: they count as open.
    func refuse() {
        guard state == .accepting || state == .idle else { return }
        while acceptOne() {}
        unwatch()
        if state == .accepting { socket.giveBack(isRefusing: true) } else { socket.refuse() }
        state = .refusing
    }

    /// Listens, again at the same address. Where another has taken it meanwhile, tries until it is free.
    func accept() {
        guard state == .refusing || state == .idle else { return }
        guard let borrowed = socket.borrow() else {
            state = .refusing
            return loop.setTimer(loop.now + Self.pause, source: self, tag: 0)
        }
        (descriptor, state) = (borrowed, .accepting)
        watch()
    }

    /// Leaves the socket as it is, to whoever goes on with it or closes it.
    func close() {
        unwatch()
        if state == .accepting { socket.giveBack(isRefusing: false) }
        state = .closed
        loop.retire(self)
    }
}
