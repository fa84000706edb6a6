import Glibc
import Reactor
import Synchronization

/// A plain client's or server's end of a connection, blocking, past all of the code under test but its system calls.
final class Peer: Sendable {
    enum Failure: Error, Hashable {
        case reset
        /// Nothing came for twenty seconds: the test hangs, and fails here in place of waiting for ever.
        case silence
        case other(Int32)
    }

    let descriptor: Int32
    private let isOpen = Mutex(true)

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    deinit { close() }

    /// - Parameter address: `HOST:PORT`, `[IPv6]:PORT` or `unix:PATH`, as a link says where it listens.
    static func connect(_ address: String) async throws -> Peer {
        try await offPool {
            guard let descriptor = Socket.connect(try Self.address(address)) else { throw Failure.other(errno) }
            let peer = Peer(descriptor)
            var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&entry, 1, 20_000) == 1 else { throw Failure.silence }
            return peer  // A refusal or a reset shows at the first use: asking for it here would take it away.
        }
    }

    static func address(_ text: String) throws -> SocketAddress {
        if text.hasPrefix("unix:") { return try SocketAddress(unixPath: String(text.dropFirst(5))) }
        let colon = text.lastIndex(of: ":")!
        let host = text[..<colon].filter { $0 != "[" && $0 != "]" }
        return try SocketAddress.resolve(host: host, port: Int(text[text.index(after: colon)...])!)[0]
    }

    // MARK: Sending

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        try await offPool { try self.sendNow(bytes) }
    }

    func sendNow(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count >= 0 else { throw failure() }
            sent += count
        }
    }

    /// Sends FIN and goes on reading.
    func sendEnd() { shutdown(descriptor, Int32(SHUT_WR)) }

    func close() {
        if isOpen.withLock({ open in
            defer { open = false }; return open
        }) {
            Glibc.close(descriptor)
        }
    }

    /// Sends RST.
    func reset() {
        if isOpen.withLock({ open in
            defer { open = false }; return open
        }) {
            Socket.closeWithReset(descriptor)
        }
    }

    // MARK: Receiving

    /// Some bytes; none when the other side has ended.
    func receive(atMost count: Int = 65_536) async throws -> [UInt8] {
        try await offPool { try self.receiveNow(count) }
    }

    /// Exactly so many bytes.
    func receive(_ count: Int) async throws -> [UInt8] {
        try await offPool {
            var bytes: [UInt8] = []
            while bytes.count < count {
                let part = try self.receiveNow(count - bytes.count)
                guard !part.isEmpty else { return bytes }
                bytes += part
            }
            return bytes
        }
    }

    func receiveText(_ count: Int) async throws -> String { String(decoding: try await receive(count), as: UTF8.self) }

    /// Everything until FIN.
    func receiveAll() async throws -> String {
        try await offPool {
            var bytes: [UInt8] = []
            while case let part = try self.receiveNow(65_536), !part.isEmpty { bytes += part }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    func receiveNow(_ count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let got = recv(descriptor, buffer.baseAddress, count, 0)
            guard got >= 0 else { throw failure() }
            filled = got
        }
    }

    /// How the connection ends for this side: nil in order, else how it failed. Bytes before the end are read and dropped.
    func ending() async -> Failure? {
        do {
            _ = try await receiveAll()
            return nil
        } catch {
            return error as? Failure
        }
    }

    /// Nothing has come that wasn't received.
    var isQuiet: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 0
    }

    private func failure() -> Failure {
        switch errno {
        case ECONNRESET, EPIPE: .reset
        case EAGAIN: .silence
        default: .other(errno)
        }
    }
}
