import Glibc
import Reactor
import Synchronization

/// A relay that does one thing wrong to one byte, once: what the soak must find.
final class BrokenRelay: Sendable {
    enum Flaw: Hashable, Sendable, CaseIterable {
        case drops, duplicates, swaps, changes, endsEarly
    }

    let address: String
    private let listener: Int32
    private let upstream: SocketAddress
    private let flaw: Flaw
    /// Where in a stream of requests it happens, to the first that is long enough.
    private let offset: Int
    private let isSpent = Atomic<Bool>(false)

    init(_ flaw: Flaw, at offset: Int, to upstream: String) throws {
        (self.flaw, self.offset) = (flaw, offset)
        self.upstream = try Peer.address(upstream)
        let (descriptor, local) = try Socket.listen(Peer.address("127.0.0.1:0"), named: "the relay")
        listener = descriptor
        address = "127.0.0.1:\(local.port)"
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
        try Thread.start(name: "relay") { self.accept() }
    }

    /// Wakes the thread that accepts, which closes the listener.
    func close() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func accept() {
        while let client = (try? Socket.accept(listener)) ?? nil {
            guard let server = Socket.connect(upstream) else { break }
            let ends = [client, server]
            for end in ends { _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) & ~O_NONBLOCK) }
            var entry = pollfd(fd: server, events: Int16(POLLOUT), revents: 0)
            poll(&entry, 1, 20_000)
            let pair = Pair(ends)
            try? Thread.start(name: "relay") { self.pass(pair, from: client, to: server, isRequest: true) }
            try? Thread.start(name: "relay") { self.pass(pair, from: server, to: client, isRequest: false) }
        }
        Glibc.close(listener)
    }

    /// Two sockets that are closed when nobody passes anything between them any more.
    private final class Pair: Sendable {
        private let ends: [Int32]

        init(_ ends: [Int32]) { self.ends = ends }

        deinit { for end in ends { Glibc.close(end) } }

        /// The other direction ends too.
        func breakOff() { for end in ends { shutdown(end, Int32(SHUT_RDWR)) } }
    }

    private func pass(_ pair: Pair, from source: Int32, to sink: Int32, isRequest: Bool) {
        var position = 0
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count >= 0 else { return pair.breakOff() }
            if count == 0 {
                shutdown(sink, Int32(SHUT_WR))
                return
            }
            var bytes = Array(buffer[..<count])
            let at = offset - position
            position += count
            if isRequest, at >= 0, at + 1 < count, !isSpent.exchange(true, ordering: .acquiringAndReleasing) {
                switch flaw {
                case .drops: bytes.remove(at: at)
                case .duplicates: bytes.insert(bytes[at], at: at)
                case .swaps: bytes.swapAt(at, bytes[at...].firstIndex { $0 != bytes[at] } ?? at)
                case .changes: bytes[at] ^= 1
                case .endsEarly: bytes = Array(bytes[..<at])
                }
            }
            var sent = 0
            while sent < bytes.count {
                let gone = bytes.withUnsafeBytes {
                    send(sink, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
                }
                guard gone > 0 else { return pair.breakOff() }
                sent += gone
            }
            if flaw == .endsEarly, bytes.count < count {
                shutdown(sink, Int32(SHUT_WR))
                while recv(source, &buffer, buffer.count, 0) > 0 {}
                return
            }
        }
    }
}
