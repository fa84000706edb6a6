import Faults
import Glibc
import Reactor
import Wire

/// A client's connection and the upstream's, joined.
final class Connection: EventSource {
    /// Counts the connections of the link, from 1.
    let number: Int
    /// Which of the link's listeners took it.
    let lane: Int
    /// Strong, as counting references to it would cost a message dearly; `end` has the link forget the connection.
    let link: Link
    let links: Links
    let loop: EventLoop
    let history: HistoryWriter?
    let request = UnsafeMutablePointer<Half>.allocate(capacity: 1)
    let response = UnsafeMutablePointer<Half>.allocate(capacity: 1)
    let client: Int32
    var upstream: Int32 = -1
    /// The upstream's; empty until they are known.
    private var addresses: [SocketAddress] = []
    var nextAddress = 0
    /// When connecting to the present address takes too long; `.never` while nobody waits for that.
    private(set) var dialDeadline = Nanoseconds.never
    /// Why the addresses that were tried could not be reached.
    private var dialFailures = ""
    private var isWatched = false
    var isConnected = false
    var tls: TLSSession?
    var isClosed = false
    var turnQueued = false
    /// `nil` while the connection is bytes.
    var flow: (any MessageFlow)?
    /// What is queued in a half is sent, then the connection ends.
    struct Ending {
        var half: UnsafeMutablePointer<Half>
        var kind: WireEvent.Kind
        /// The window that ends it, 0 where a message tells or none does.
        var window = 0
    }

    var ending: Ending?
    /// Both directions are being ended in order; what comes now is thrown away.
    var isLingering = false
    /// The window that has it linger, 0 where a message tells or none does.
    var endedBy = 0
    /// `nil` while no window strikes the connection as a whole.
    var terms: Terms?
    /// The windows that strike connections, or choose some, were asked.
    var wasAdmitted = false
    /// Windows that have a process struck once the answer that is passing has passed.
    var passedSummons: [Int] = []
    /// The client has closed its end, or reset it.
    private var hasClientLeft = false
    /// 0 on a Unix socket.
    private lazy var clientPort = (try? SocketAddress.peer(of: client))?.port ?? 0
    static let roundsPerTurn = 16
    static let lingerTag = 1

    init(client: Int32, number: Int, lane: Int, link: Link) {
        self.client = client
        self.number = number
        self.lane = lane
        self.link = link
        links = link.links
        loop = link.links.loop
        history = link.links.history
        request.initialize(to: Half(.request, link.counter.request))
        response.initialize(to: Half(.response, link.counter.response))
        request.pointee.source = client
        response.pointee.sink = client
        flow = link.makeFlow()
        super.init()
        loop.adopt(self)
    }

    deinit {
        request.deinitialize(count: 1).deallocate()
        response.deinitialize(count: 1).deallocate()
    }

    /// Begins to connect to the next of the upstream's addresses.
    func dial() {
        guard !isClosed, upstream < 0 else { return }
        if !isWatched {
            isWatched = true
            loop.watch(client, source: self, tag: 0)
        }
        guard !mustNotDial else { return }
        if addresses.isEmpty { addresses = link.upstreamAddresses }
        guard !addresses.isEmpty else { return link.lookUp(for: self) }
        while nextAddress < addresses.count {
            let address = addresses[nextAddress]
            guard let descriptor = Socket.connect(address) else {
                let error = SocketError.last("connect to \(address)")
                // The client keeps waiting: descriptors come back when other connections end.
                if error.isExhaustion { return links.starve(self) }
                nextAddress += 1
                note(dialFailure: "\(error)")
                continue
            }
            nextAddress += 1
            upstream = descriptor
            request.pointee.sink = descriptor
            response.pointee.source = descriptor
            loop.watch(descriptor, source: self, tag: 1)
            dialDeadline = loop.now + Nanoseconds(link.prepared.configuration.connectTimeout)
            link.watchDial(until: dialDeadline)
            return
        }
        link.forgetAddresses()
        end(.unreachable, reason: dialFailures)
    }

    /// The upstream's name could not be looked up.
    func nameIsUnknown(_ reason: String) {
        guard !isClosed else { return }
        note(dialFailure: reason)
        end(.unreachable, reason: dialFailures)
    }

    private func note(dialFailure: String) {
        link.counter.dialFailures += 1
        dialFailures = dialFailures.isEmpty ? dialFailure : "\(dialFailures); \(dialFailure)"
    }

    /// Connecting to the present address has taken too long.
    func dialIsLate() {
        dialFailed("no answer within \(link.prepared.configuration.connectTimeout)")
    }

    private func dialFailed(_ reason: String) {
        let address = addresses[nextAddress - 1]
        note(dialFailure: "cannot connect to \(address): \(reason)")
        dialDeadline = .never
        loop.unwatch(upstream)
        close(upstream)
        (upstream, tls) = (-1, nil)
        dial()
    }

    override func ready(_ readiness: Readiness, tag: Int) {
        guard !isClosed else { return }
        if let terms, terms.isIsolated { return miss(readiness, tag: tag, terms) }
        if tag == 1, !isConnected, !connected(readiness) { return }
        if tag == 0, !readiness.isDisjoint(with: [.peerClosed, .hangup, .failed]) { hasClientLeft = true }
        if readiness.contains(.failed) {
            broken()
            return
        }
        let (incoming, outgoing) = tag == 0 ? (request, response) : (response, request)
        if readiness.contains(.writable) { outgoing.pointee.writable = true }
        if !readiness.isDisjoint(with: [.readable, .peerClosed, .hangup]) { incoming.pointee.readable = true }
        if !readiness.isDisjoint(with: [.peerClosed, .hangup]) {
            incoming.pointee.endIsNear = true
            if tag == 0, request.pointee.isHeld || response.pointee.isHeld, !dropHeld() { return }
        }
        pump()
    }

    private func connected(_ readiness: Readiness) -> Bool {
        // epoll says so when the socket has an error, so there is no need to ask otherwise.
        if readiness.contains(.failed) {
            let error = Socket.pendingError(upstream)
            dialFailed(String(cString: strerror(error == 0 ? ECONNREFUSED : error)))
            return false
        }
        guard readiness.contains(.writable), secured() else { return false }
        isConnected = true
        dialDeadline = .never
        record(.opened)
        return true
    }

    /// Shakes hands where the upstream speaks TLS; false while that is not done.
    private func secured() -> Bool {
        guard let context = link.prepared.tls else { return true }
        if tls == nil { tls = context.session(upstream, host: link.prepared.upstream.host) }
        switch tls?.handshake() {
        case .bytes:
            // libssl may have read bytes of the upstream along with the handshake's last.
            response.pointee.readable = true
            return true
        case .wait: return false
        default:
            link.counter.dialFailures += 1
            end(.unreachable, reason: "tls: \(tls?.failure ?? "no session")")
            return false
        }
    }

    override func takeTurn() {
        turnQueued = false
        if !isClosed { pump() }
    }

    /// - Parameter tag: 1 when the time to linger is over.
    override func timerFired(tag: Int) {
        guard !isClosed else { return }
        if tag == Self.lingerTag { return end(.closed) }
        if upstream < 0 { dialIfDue() }
        if endIfSwallowed() { pump() }
    }

    /// The client's, where an open window looks at it; otherwise 0.
    var portInSight: Int { link.interest.contains(.ports) ? clientPort : 0 }

    var waitingBytes: Int { request.pointee.waitingBytes + response.pointee.waitingBytes }
    var openCalls: Int { flow?.openCalls ?? 0 }
    var isEnding: Bool { ending != nil }

    func record(_ kind: WireEvent.Kind, reason: String = "", window: Int = 0) {
        history?.write(
            WireEvent(
                time: 0, link: link.name, connection: number, kind: kind, key: reason, window: window, lane: lane),
            at: loop.now)
    }

    /// Tells of a message that was under way when the connection ended.
    private func recordUnfinished(_ half: HalfPointer) {
        guard let message = half.pointee.message else { return }
        if message.action == .held { message.size = max(message.size, half.pointee.input.count) }
        if message.action == .held, let decision = half.pointee.heldDecision, decision.summons.last == decision.holder {
            message.action = .lost
        }
        let isGivenUp = message.action == .held && hasClientLeft
        if message.action != .reset, message.action != .lost, !isGivenUp {
            message.action = message.action == .held && half.pointee.hangs ? .hung : .cut
        }
        record(message, half.pointee.direction)
    }

    /// Ends both sides: in order for `.closed`, else with RST.
    ///
    /// - Parameter window: the one that ends it, where no message tells.
    func end(_ kind: WireEvent.Kind, reason: String = "", window: Int = 0) {
        guard !isClosed else { return }
        isClosed = true
        for half in [request, response] { _ = uncork(half) }
        recordUnfinished(request)
        recordUnfinished(response)
        record(kind, reason: reason, window: window == 0 ? endedBy : window)
        for descriptor in [client, upstream] where descriptor >= 0 {
            loop.unwatch(descriptor)
            if kind == .closed { close(descriptor) } else { Socket.closeWithReset(descriptor) }
        }
        for half in [request, response] {
            half.pointee.output.removeAll()
            if let pipe = half.pointee.pipe { links.pipes.put(pipe) }
            half.pointee.pipe = nil
        }
        link.forget(self)
        loop.retire(self)
    }
}
