import Glibc
import Reactor

/// Does blocking work on a thread of its own, so that no thread of Swift's pool waits for a socket.
func offPool<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        do {
            try Thread.start(name: "peer") { continuation.resume(with: Result { try body() }) }
        } catch {
            continuation.resume(throwing: error)
        }
    }
}

/// A plain end of a connection, blocking, twenty seconds at most.
final class Peer: Sendable {
    enum Failure: Error, Hashable {
        case reset
        /// Nothing came for twenty seconds: the test hangs, and fails here in place of waiting for ever.
        case silence
        case other(Int32)
    }

    private let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    deinit { close(descriptor) }

    /// - Parameter address: `A.B.C.D:PORT`.
    /// - Throws: `Failure.other` where nobody listens.
    static func connect(_ address: String) async throws -> Peer {
        try await offPool {
            let parts = address.split(separator: ":")
            guard
                let descriptor = Socket.connect(
                    try SocketAddress.resolve(host: String(parts[0]), port: Int(parts[1])!)[0])
            else { throw Failure.other(errno) }
            let peer = Peer(descriptor)
            var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&entry, 1, 20_000) == 1 else { throw Failure.silence }
            let error = Socket.pendingError(descriptor)
            guard error == 0 else { throw Failure.other(error) }
            return peer
        }
    }

    /// Its own.
    var port: Int { get throws { try SocketAddress.local(of: descriptor).port } }

    func send(_ text: String) async throws {
        try await offPool { [self] in
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { throw failure() }
                rest = rest.dropFirst(count)
            }
        }
    }

    func sendEnd() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// So many bytes, or fewer where the stream ends before.
    func receive(_ count: Int) async throws -> String {
        try await offPool { [self] in
            var bytes: [UInt8] = []
            while bytes.count < count {
                let part = try receiveNow(count - bytes.count)
                guard !part.isEmpty else { break }
                bytes += part
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// What there is, once there is something; nothing at the end.
    func receiveSome() async throws -> String {
        try await offPool { [self] in String(decoding: try receiveNow(65_536), as: UTF8.self) }
    }

    /// Everything until the end.
    func receiveAll() async throws -> String { try await receive(.max) }

    private func receiveNow(_ most: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: min(most, 65_536)) { buffer, filled in
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            guard count >= 0 else { throw failure() }
            filled = count
        }
    }

    private func failure() -> Failure {
        switch errno {
        case ECONNRESET, EPIPE: .reset
        case EAGAIN: .silence
        default: .other(errno)
        }
    }
}

/// A server that sends back what it gets, on any number of connections.
final class Echo: Sendable {
    let address: String
    private let descriptor: Int32

    init() throws {
        let (descriptor, local) = try Socket.listen(
            SocketAddress.resolve(host: "127.0.0.1", port: 0)[0], named: "echo")
        self.descriptor = descriptor
        address = "127.0.0.1:\(local.port)"
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
        try Thread.start(name: "echo") {
            while case let client = Glibc.accept(descriptor, nil, nil), client >= 0 {
                try? Thread.start(name: "echo") {
                    var bytes = [UInt8](repeating: 0, count: 65_536)
                    while case let count = recv(client, &bytes, bytes.count, 0), count > 0 {
                        guard Glibc.send(client, bytes, count, Int32(MSG_NOSIGNAL)) == count else { break }
                    }
                    close(client)
                }
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }
}
