import Faults
import Glibc
import Reactor
import Wire

/// One proxied road: a listener, its connections and its windows.
final class Link: EventSource {
    let name: String
    let address: String
    let prepared: PreparedLink
    let dialect: any HTTPDialect.Type
    unowned let links: Links
    var windows: LinkWindows
    /// Whether any window is open now; while none is, nobody is asked.
    private(set) var isTouched = false
    private let listener: Int32
    private var connections: [Int: Connection] = [:]
    private var accepted = 0
    private var isClosed = false
    private static let acceptsPerTurn = 64
    private static let pause = Nanoseconds(.milliseconds(100))

    init(_ prepared: PreparedLink, links: Links) throws {
        self.prepared = prepared
        self.links = links
        name = prepared.configuration.name
        dialect = HTTPDialects.of(prepared.configuration.service)
        windows = LinkWindows(link: name)
        do {
            if let path = prepared.listen.unixPath, Socket.isAbandoned(path, at: prepared.listenAddress) {
                unlink(path)
            }
            let (descriptor, local) = try Socket.listen(prepared.listenAddress, named: prepared.configuration.listen)
            listener = descriptor
            var listen = prepared.listen
            listen.port = local.port
            let host = listen.host.contains(":") ? "[\(listen.host)]" : listen.host
            address = listen.unixPath.map { "unix:\($0)" } ?? "\(host):\(listen.port)"
        } catch {
            throw LinkError(
                link: prepared.configuration.name, what: "\(error)", mend: "choose another address, or port 0")
        }
        super.init()
        links.loop.adopt(self)
        links.loop.watchListener(listener, source: self)
    }

    override func ready(_ readiness: Readiness, tag: Int) { acceptSome() }

    override func timerFired(tag: Int) {
        if !isClosed { links.loop.watchListener(listener, source: self) }
    }

    private func acceptSome() {
        guard !isClosed else { return }
        for _ in 0..<Self.acceptsPerTurn {
            do throws(SocketError) {
                guard let client = try Socket.accept(listener) else { return }
                accepted += 1
                let connection = Connection(client: client, number: accepted, link: self)
                connections[accepted] = connection
                connection.dial()
            } catch {
                // No descriptor is left: the waiting clients stay in the backlog for a while.
                links.loop.unwatch(listener)
                links.loop.setTimer(links.loop.now + Self.pause, source: self, tag: 0)
                return
            }
        }
    }

    func follow(_ plan: Plan) {
        windows = windows.replaced(by: plan)
        windowsChanged()
    }

    /// A window has opened or closed: what is held may go on.
    func windowsChanged() {
        let elapsed = links.elapsed
        isTouched = windows.hasOpenWindow(at: elapsed)
        for connection in Array(connections.values) { connection.reconsider(at: elapsed) }
    }

    func forget(_ connection: Connection) { connections[connection.number] = nil }

    func count(into sum: inout InFlight) {
        sum.connections += connections.count
        for connection in connections.values {
            sum.bytes += connection.waitingBytes
            sum.calls += connection.openCalls
        }
    }

    func close() {
        isClosed = true
        for connection in Array(connections.values) { connection.end(.reset) }
        links.loop.unwatch(listener)
        Glibc.close(listener)
        if let path = prepared.listen.unixPath { unlink(path) }
        links.loop.retire(self)
    }
}
