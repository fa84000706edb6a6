import Faults
import Reactor
import Wire

/// One proxied road: its listeners, its connections and its windows.
final class Link {
    let name: String
    let prepared: PreparedLink
    let dialect: any HTTPDialect.Type
    unowned let links: Links
    /// Of the link's name.
    let numberInHistory: UInt32
    /// In common with the same link on other loops.
    let windows: SharedWindows
    /// This loop's own, and that of links that had the name before.
    let counter: LinkCounter
    /// Whether any window that strikes messages is open now; while none is, nobody is asked. This loop's own notion of it:
    /// it hears of windows that open on other loops a moment later.
    private(set) var isTouched = false
    /// What open windows look at of messages.
    private(set) var interest: Interest = []
    /// Whether an open window changes bodies: services are asked not to compress them then.
    private(set) var rewritesBodies = false
    private(set) var isRefusing = false
    /// Whether an open window must be asked about each connection.
    private var countsConnections = false
    /// The open windows that have connections reset, and those of them that have yet to do so on this loop.
    private var resetters: [Int] = []
    private var dueResetters: [Int] = []
    /// When next a window opens or closes of itself, after this loop has last taken notice; `.never` as far as nobody knows.
    private(set) var nextEdge = Nanoseconds.never
    /// The link's windows, as this loop knows them.
    private var standing: [Window] = []
    /// While connections let go: windows of the former plan whose numbers others may have now.
    private var replaced: [Int] = []
    /// For each lane one an address.
    private var listeners: [Listener] = []
    private var dialWatch: DialWatch?
    /// Of a `redis` link.
    private lazy var redisCommands = RedisOperations(links.history)
    private var connections: [Int: Connection] = [:]
    /// Empty while nobody knows them.
    private(set) var upstreamAddresses: [SocketAddress]
    /// Connections that wait for the upstream's addresses.
    private var nameless: [Connection] = []

    init(_ opened: OpenedLink, links: Links) {
        prepared = opened.prepared
        upstreamAddresses = prepared.upstreamAddresses
        self.links = links
        name = opened.name
        numberInHistory = links.history?.number(of: opened.name) ?? 0
        dialect = HTTPDialects.of(opened.configuration.service)
        windows = links.board.windows(of: name)
        counter = links.counter(of: name)
        listeners = opened.sockets(of: links.index).map { Listener($0, link: self) }
    }

    /// How a new connection's bytes are taken apart; `nil` where they are bytes.
    func makeFlow() -> (any MessageFlow)? {
        switch prepared.configuration.linkProtocol {
        case .tcp: nil
        case .postgres: PostgresFlow()
        case .http: HTTPFlow()
        case .redis: RedisFlow(redisCommands)
        case .bolt: BoltFlow()
        }
    }

    func take(_ client: Int32, lane: Int) {
        counter.accepted += 1
        let number = windows.connectionAccepted()
        let connection = Connection(client: client, number: number, lane: lane, link: self)
        connections[number] = connection
        if countsConnections { connection.admit(isNew: true) }
        connection.dial()
    }

    func forget(_ connection: Connection) {
        connections[connection.number] = nil
        windows.connectionEnded(connection.number, isRemembered: connection.wasAdmitted || isTouched)
    }

    // MARK: Dialling

    /// A connection has begun to connect to its upstream, and has until its deadline.
    func watchDial(until deadline: Nanoseconds) {
        let watch = dialWatch ?? DialWatch(self)
        dialWatch = watch
        watch.watch(until: deadline)
    }

    /// Has a connection dial once the upstream's name has been looked up, which may take long and so is done elsewhere.
    func lookUp(for connection: Connection) {
        guard !nameless.contains(where: { $0 === connection }) else { return }
        nameless.append(connection)
        guard nameless.count == 1 else { return }
        let (prepared, board, index) = (prepared, links.board, links.index)
        do {
            try Thread.start(name: "resolver") {
                let found = Result { try prepared.lookUp() }
                board.post(to: index) { $0.found(found, of: prepared) }
            }
        } catch {
            found(.failure(error))
        }
    }

    func found(_ addresses: Result<[SocketAddress], any Error>) {
        let waiting = nameless
        nameless = []
        switch addresses {
        case .success(let addresses):
            upstreamAddresses = addresses
            for connection in waiting { connection.dial() }
        case .failure(let error): for connection in waiting { connection.nameIsUnknown("\(error)") }
        }
    }

    /// None of the upstream's addresses can be reached: its name may have come to stand for others.
    func forgetAddresses() { if prepared.configuration.looksUpLate { upstreamAddresses = [] } }

    /// - Returns: the deadline of the next that may be late.
    func endLateDials() -> Nanoseconds? {
        let now = links.loop.now
        for connection in Array(connections.values) where connection.dialDeadline <= now { connection.dialIsLate() }
        return connections.values.map(\.dialDeadline).filter { $0 != .never }.min()
    }

    // MARK: Windows

    /// A window has opened or closed, or the plan has changed: what is held may go on, or be held by others.
    func windowsChanged() {
        let former = standing
        standing = windows.access(at: links.loop.now) { windows, _ in windows.windows }
        replaced = LinkWindows.replaced(former, by: standing)
        resetters.removeAll { replaced.contains($0) }
        attend()
        resetConnections()
        for connection in connections.values { connection.letGo() }
        replaced = []
        if countsConnections {
            for connection in connections.values.sorted(by: { $0.number < $1.number }) {
                connection.admit(isNew: false)
            }
        }
        for connection in Array(connections.values) { connection.goOn() }
    }

    private func resetConnections() {
        let due = dueResetters
        dueResetters = []
        guard !due.isEmpty else { return }
        let open = Array(connections.values)
        for window in due { confirm(window, count: open.count) }
        for connection in open { connection.end(.reset, window: due[0]) }
    }

    /// A window has done what it was asked about before.
    func confirm(_ window: Int, count: Int = 1) {
        guard count > 0 else { return }
        windows.access(at: links.loop.now) { windows, _ in windows.confirm(window, count: count) }
        links.struck(window, of: windows)
    }

    /// A window could not do what it was asked about before.
    func decline(_ window: Int) {
        windows.access(at: links.loop.now) { windows, _ in windows.decline(window) }
    }

    /// What shall happen to a message. Windows that wait for those that strike it are open for the next one.
    func decide(_ message: Message, call: UInt64, connection: Int) -> Decision {
        let decision = windows.access(at: links.loop.now) {
            $0.decide(message, call: call, connection: connection, at: $1)
        }
        for window in decision.struckBy + decision.watchedBy { links.struck(window, of: windows) }
        return decision
    }

    /// A process has been struck because of a message, or not.
    func answer(_ summons: Summons, _ answer: Summons.Answer) {
        if answer == .nobody { decline(summons.window) } else { confirm(summons.window) }
        if summons.isHeld { connections[summons.connection]?.answer(summons, answer) }
    }

    /// Whether an open window may strike this message, or would if it knew more of its call.
    func mayStrike(_ message: Message) -> Bool {
        windows.access(at: links.loop.now) { $0.mayStrike(message, at: $1) }
    }

    /// Whether the window is there and open.
    func isOpen(_ window: Int) -> Bool {
        !replaced.contains(window) && windows.access(at: links.loop.now) { $0.isOpen(window, at: $1) }
    }

    /// Opens the windows that wait for another to have struck so often; whether there were any.
    func trigger(after window: Int, strikes: Int) -> Bool {
        guard windows.access(at: links.loop.now, { $0.trigger(after: window, strikes: strikes, at: $1) }) else {
            return false
        }
        // Connections are left alone for now: one of them may be in the middle of the message that did this.
        attend()
        nextEdge = links.loop.now
        return true
    }

    /// Takes notice of which windows are open.
    func attend() {
        let attention = windows.attend(listeners: prepared.listeners.count, at: links.loop.now)
        isTouched = attention.isTouched
        interest = attention.interest
        rewritesBodies = attention.rewritesBodies
        isRefusing = attention.isRefusing
        nextEdge = windows.nextEdge(after: links.loop.now)
        countsConnections = attention.countsConnections
        dueResetters += attention.resetters.filter { !resetters.contains($0) }
        resetters = attention.resetters
        for listener in listeners { isRefusing ? listener.refuse() : listener.accept() }
        for window in attention.newRefusers { links.struck(window, of: windows) }
    }

    // MARK: The whole

    var counts: LinkCounts { counter.counts(open: connections.count) }

    func count(into sum: inout InFlight) {
        sum.connections += connections.count
        for connection in connections.values {
            sum.bytes += connection.waitingBytes
            sum.calls += connection.openCalls
        }
    }

    func close() {
        dialWatch?.close()
        nameless = []
        for connection in Array(connections.values) { connection.end(.reset) }
        for listener in listeners { listener.close() }
    }
}
