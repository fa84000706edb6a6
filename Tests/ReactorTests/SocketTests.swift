import Glibc
import Reactor
import Testing

/// The calls on sockets, on every family of addresses.
struct SocketTests {
    struct Family: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var domain: Int32
        /// Of a free port, or at this path.
        var address: @Sendable (String) throws -> SocketAddress
    }

    static let families = [
        Family(testDescription: "IPv4", domain: AF_INET) { _ in
            try SocketAddress.resolve(host: "127.0.0.1", port: 0)[0]
        },
        Family(testDescription: "IPv6", domain: AF_INET6) { _ in
            try SocketAddress.resolve(host: "::1", port: 0)[0]
        },
        Family(testDescription: "Unix", domain: AF_UNIX) { try SocketAddress(unixPath: $0) },
    ]

    /// A listener and the two ends of a connection to it.
    private final class Joined {
        let path: String
        let listener: Int32
        let client: Int32
        let server: Int32
        let local: SocketAddress

        init(path: String, listener: Int32, client: Int32, server: Int32, local: SocketAddress) {
            self.path = path
            self.listener = listener
            self.client = client
            self.server = server
            self.local = local
        }

        deinit { unlink(path) }
    }

    private func joined(_ family: Family) throws -> Joined {
        let path = "/tmp/faultline-socket-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let address = try family.address(path)
        let (listener, local) = try Socket.listen(address, named: "here")
        let client = try #require(Socket.connect(local))
        try awaitReadiness(listener, POLLIN)
        let server = try #require(try Socket.accept(listener))
        try awaitReadiness(client, POLLOUT)
        try #require(Socket.pendingError(client) == 0)
        return Joined(path: path, listener: listener, client: client, server: server, local: local)
    }

    private func awaitReadiness(_ descriptor: Int32, _ events: Int32) throws {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        try #require(poll(&entry, 1, 20_000) == 1, "nothing happens on the socket")
    }

    private func read(_ descriptor: Int32) throws -> (Transfer, String) {
        try awaitReadiness(descriptor, POLLIN)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 1)
        defer { buffer.deallocate() }
        let transfer = Socket.receive(descriptor, into: buffer)
        guard case .bytes(let count) = transfer else { return (transfer, "") }
        return (transfer, String(decoding: buffer[..<count], as: UTF8.self))
    }

    private func send(_ text: String, _ descriptor: Int32) -> Transfer {
        Array(text.utf8).withUnsafeBytes { Socket.transmit(descriptor, $0) }
    }

    @Test(arguments: families) func bytesAndEndsPass(_ family: Family) throws {
        let ends = try joined(family)
        defer { for descriptor in [ends.listener, ends.client] { close(descriptor) } }
        #expect(ends.local.family == family.domain)
        #expect((ends.local.port > 0) == (family.domain != AF_UNIX))
        #expect(ends.local.isLoopback)
        #expect(send("ask", ends.client) == .bytes(3))
        #expect(try read(ends.server).1 == "ask")
        Socket.shutDown(ends.client)
        #expect(try read(ends.server).0 == .end)
        #expect(send("answer", ends.server) == .bytes(6))
        Socket.closeInOrder(ends.server)
        #expect(try read(ends.client).1 == "answer")
        #expect(try read(ends.client).0 == .end)
    }

    @Test(arguments: families) func nothingBlocks(_ family: Family) throws {
        let ends = try joined(family)
        defer { for descriptor in [ends.listener, ends.client, ends.server] { close(descriptor) } }
        #expect(try Socket.accept(ends.listener) == nil)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
        defer { buffer.deallocate() }
        buffer.initializeMemory(as: UInt8.self, repeating: 0)
        #expect(Socket.receive(ends.server, into: buffer) == .wait)
        var sent = 0
        while case .bytes(let count) = Socket.transmit(ends.client, UnsafeRawBufferPointer(buffer)) { sent += count }
        #expect(sent > 0)
        #expect(Socket.transmit(ends.client, UnsafeRawBufferPointer(buffer)) == .wait)
    }

    @Test(arguments: families.prefix(2)) func aResetIsNoEnd(_ family: Family) throws {
        let ends = try joined(family)
        defer { for descriptor in [ends.listener, ends.server] { close(descriptor) } }
        Socket.closeWithReset(ends.client)
        #expect(try read(ends.server).0 == .failed)
        #expect(errno == ECONNRESET)
    }

    @Test(arguments: families) func anAddressInUseIsRefused(_ family: Family) throws {
        let ends = try joined(family)
        defer { for descriptor in [ends.listener, ends.client, ends.server] { close(descriptor) } }
        let error = #expect(throws: SocketError.self) { try Socket.listen(ends.local, named: "there") }
        #expect(error?.code == EADDRINUSE)
        #expect(error?.description == "cannot listen on there: Address already in use")
    }

    @Test(arguments: families.prefix(2)) func nobodyListens(_ family: Family) throws {
        let (listener, local) = try Socket.listen(family.address(""), named: "here")
        close(listener)
        let client = try #require(Socket.connect(local))
        defer { close(client) }
        try awaitReadiness(client, POLLOUT)
        #expect(Socket.pendingError(client) == ECONNREFUSED)
    }

    @Test func noSocketAtAPath() throws {
        let address = try SocketAddress(unixPath: "/tmp/faultline-none-\(getpid())")
        #expect(Socket.connect(address) == nil)
        #expect(errno == ENOENT)
    }

    @Test func aPathMayBeAsLongAsTheSystemAllows() throws {
        #expect(throws: Never.self) { try SocketAddress(unixPath: String(repeating: "a", count: 107)) }
        let error = #expect(throws: SocketError.self) {
            try SocketAddress(unixPath: String(repeating: "a", count: 108))
        }
        #expect(error?.message == "its path is over 107 bytes")
    }

    @Test func whatIsLoopback() throws {
        for (host, expected) in [
            ("127.0.0.1", true), ("127.255.0.9", true), ("::1", true), ("10.0.0.1", false),
            ("::2", false), ("0.0.0.0", false), ("::", false),
        ] {
            #expect(try SocketAddress.resolve(host: host, port: 80)[0].isLoopback == expected, "\(host)")
        }
    }

    @Test func aNameThatDoesNotResolve() {
        let error = #expect(throws: SocketError.self) { try SocketAddress.resolve(host: "300.1.1.1.", port: 1) }
        #expect(error?.description.hasPrefix("cannot resolve 300.1.1.1.: ") == true)
    }
}
