import Glibc
import Reactor

/// One lane of a link: a socket that listens.
final class Listener: EventSource {
    let lane: Int
    /// `HOST:PORT` or `unix:PATH`.
    let address: String
    unowned let link: Link
    private let loop: EventLoop
    private let prepared: PreparedListener
    /// -1 while a Unix socket refuses.
    private var descriptor: Int32
    private var isWatched = false
    private var isRefusing = false
    private var isClosed = false
    private static let acceptsPerTurn = 64
    private static let pause = Nanoseconds(.milliseconds(100))

    /// - Throws: `SocketError` for an address in use.
    init(_ prepared: PreparedListener, lane: Int, link: Link) throws {
        self.prepared = prepared
        self.lane = lane
        self.link = link
        loop = link.links.loop
        let path = prepared.address.unixPath
        if let path, Socket.isAbandoned(path, at: prepared.socketAddress) { unlink(path) }
        let (descriptor, local) = try Socket.listen(prepared.socketAddress, named: prepared.name)
        self.descriptor = descriptor
        let host = prepared.address.host
        address = path.map { "unix:\($0)" } ?? "\(host.contains(":") ? "[\(host)]" : host):\(local.port)"
        super.init()
        loop.adopt(self)
        watch()
    }

    private func watch() {
        guard !isWatched, !isClosed, !isRefusing else { return }
        isWatched = true
        loop.watchListener(descriptor, source: self)
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
        guard !isClosed else { return }
        if isRefusing, !link.isRefusing { accept() } else { watch() }
    }

    /// False when nobody waits to be accepted, or nobody can be now.
    private func acceptOne() -> Bool {
        guard isWatched else { return false }
        do throws(SocketError) {
            guard let client = try Socket.accept(descriptor) else { return false }
            link.take(client, lane: lane)
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
        guard !isClosed, !isRefusing else { return }
        while acceptOne() {}
        unwatch()
        isRefusing = true
        if prepared.address.unixPath == nil { return Socket.stopListening(descriptor) }
        Glibc.close(descriptor)
        descriptor = -1
    }

    /// Listens again, at the same address. Where another has taken it meanwhile, tries until it is free.
    func accept() {
        guard !isClosed, isRefusing else { return }
        if let path = prepared.address.unixPath {
            unlink(path)
            descriptor = (try? Socket.listen(prepared.socketAddress, named: prepared.name).descriptor) ?? -1
            isRefusing = descriptor < 0
        } else {
            isRefusing = !Socket.listenAgain(descriptor)
        }
        if isRefusing { loop.setTimer(loop.now + Self.pause, source: self, tag: 0) } else { watch() }
    }

    func close() {
        unwatch()
        isClosed = true
        if descriptor >= 0 { Glibc.close(descriptor) }
        if let path = prepared.address.unixPath { unlink(path) }
        loop.retire(self)
    }
}
