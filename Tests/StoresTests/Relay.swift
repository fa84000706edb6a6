import Glibc
import Synchronization

/// A relay in front of a server that loses a request or its answer, at the request that holds a given text.
/// Without an upstream it only listens: connections are taken by the kernel, and nothing ever answers.
final class Relay: Sendable {
    enum Trap: Sendable {
        case none
        /// The request that holds these bytes never reaches the server; the connection is closed.
        case loseRequest([UInt8])
        /// The request reaches the server; the connection is closed in place of its answer.
        case loseAnswer([UInt8])
        /// The request goes nowhere, and the connection stays open.
        case hang([UInt8])
    }

    private struct State {
        var connections: [(client: Int32, upstream: Int32)] = []
        var accepted = 0
        var sprung = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
        var hasClosed = false
        var closeWaiters: [CheckedContinuation<Void, Never>] = []
    }

    let port: Int
    private let listener: Int32
    private let upstream: Int?
    private let trap: Trap
    private let state = Mutex(State())

    /// How many connections came.
    var accepted: Int { state.withLock { $0.accepted } }
    /// How many requests the trap met, lost or repeated.
    var sprung: Int { state.withLock { $0.sprung } }

    init(upstream: Int? = nil, trap: Trap = .none) throws {
        self.upstream = upstream
        self.trap = trap
        (listener, port) = Loopback.listen()
        if upstream != nil { Loopback.thread { self.accept() } }
    }

    /// A port on which nothing listens.
    static func closedPort() throws -> Int {
        let relay = try Relay()
        relay.stop()
        return relay.port
    }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        closeConnections()
    }

    /// Ends all connections from both sides, as a server does with idle ones.
    func closeConnections() {
        let connections = state.withLock { state in
            defer { state.connections = [] }
            return state.connections
        }
        for connection in connections {
            shutdown(connection.client, Int32(SHUT_RDWR))
            shutdown(connection.upstream, Int32(SHUT_RDWR))
        }
    }

    /// Returns once the trap has met a request.
    func waitUntilSprung() async {
        await withCheckedContinuation { continuation in
            let isSprung = state.withLock { state in
                if state.sprung == 0 { state.waiters.append(continuation) }
                return state.sprung > 0
            }
            if isSprung { continuation.resume() }
        }
    }

    /// Returns once a connection has been closed towards its client.
    func waitUntilClosed() async {
        await withCheckedContinuation { continuation in
            let hasClosed = state.withLock { state in
                if !state.hasClosed { state.closeWaiters.append(continuation) }
                return state.hasClosed
            }
            if hasClosed { continuation.resume() }
        }
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { return }
            let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = Loopback.address(UInt16(upstream!))
            let connected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            precondition(connected, "the relay's server is not there")
            state.withLock { state in
                state.accepted += 1
                state.connections.append((client, server))
            }
            let isLost = Mutex(false)
            let flag = Flag(isLost)
            Loopback.thread { self.relayRequests(from: client, to: server, flag) }
            Loopback.thread { self.relayAnswers(from: server, to: client, flag) }
        }
    }

    private final class Flag: Sendable {
        let isSet: Mutex<Bool>
        init(_ isSet: consuming sending Mutex<Bool>) { self.isSet = isSet }
    }

    private func relayRequests(from client: Int32, to server: Int32, _ loseAnswer: Flag) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            let bytes = buffer[..<count]
            switch trap {
            case .loseRequest(let mark) where Self.holds(bytes, mark):
                spring()
                shutdown(client, Int32(SHUT_RDWR))
                shutdown(server, Int32(SHUT_RDWR))
                return
            case .hang(let mark) where Self.holds(bytes, mark):
                spring()
                continue
            case .loseAnswer(let mark) where Self.holds(bytes, mark):
                loseAnswer.isSet.withLock { $0 = true }
                spring()
            default: break
            }
            guard Loopback.sendAll(bytes, to: server) else { break }
        }
        shutdown(server, Int32(SHUT_WR))
    }

    private func relayAnswers(from server: Int32, to client: Int32, _ loseAnswer: Flag) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(server, &buffer, buffer.count, 0)
            if count <= 0 || loseAnswer.isSet.withLock({ $0 }) { break }
            guard Loopback.sendAll(buffer[..<count], to: client) else { break }
        }
        shutdown(client, Int32(SHUT_RDWR))
        shutdown(server, Int32(SHUT_RDWR))
        let waiters = state.withLock { state in
            state.hasClosed = true
            defer { state.closeWaiters = [] }
            return state.closeWaiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func spring() {
        let waiters = state.withLock { state in
            state.sprung += 1
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private static func holds(_ bytes: ArraySlice<UInt8>, _ mark: [UInt8]) -> Bool {
        bytes.firstRange(of: mark) != nil
    }
}
