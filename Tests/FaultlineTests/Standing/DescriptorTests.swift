import Glibc
import Testing

/// How the proxy does with few descriptors, and with many connections.
@Suite struct DescriptorTests {
    private func listening(_ upstream: Answerer, threads: Int = 1, descriptors: Int? = nil) throws -> (
        ChildProcess, address: String
    ) {
        let proxy = try ChildProcess(
            [
                Program.path, "proxy", "--api", "off", "--link", "a=tcp,127.0.0.1:0,\(upstream.address)", "--threads",
                "\(threads)",
            ], descriptors: descriptors)
        let words = try proxy.nextLine(with: "a  tcp  ").split(separator: " ")
        return (proxy, String(words[2]))
    }

    /// Sixty clients want two descriptors each and there are sixty-four in all. Who comes too late waits, and is served when
    /// others have gone: nobody is turned away.
    @Test func clientsWaitForDescriptors() throws {
        let upstream = try Answerer("A")
        let (proxy, address) = try listening(upstream, descriptors: 64)
        for _ in 0..<3 {
            let clients = try (0..<60).map { _ in try Client(address) }
            for client in clients { client.send("?") }
            for client in clients {
                #expect(client.receive() == .text("A"))
                client.close()
            }
        }
        #expect(proxy.isRunning)
        #expect(proxy.stop() == 0)
    }

    /// Ten thousand, or as many as the system gives a process descriptors for: each takes the proxy two.
    @Test(arguments: [1, 2]) func tenThousandConnectionsAtOnce(threads: Int) throws {
        let count = min(10_000, (try raiseLimit() - 200) / 2)
        try #require(count > 100)
        let upstream = try Answerer("A")
        let (proxy, address) = try listening(upstream, threads: threads)
        let clients = try (0..<count).map { try Client(address, from: "127.0.0.\(2 + $0 % 10)") }
        for _ in 0..<2 {
            for client in clients { client.send("?") }
            var answered = 0
            for client in clients where client.receive() == .text("A") { answered += 1 }
            #expect(answered == count)
        }
        #expect(proxy.isRunning)
        for client in clients { client.close() }
        #expect(try Client(address).ask() == .text("A"))
        #expect(proxy.stop() == 0)
    }

    private func raiseLimit() throws -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        try #require(getrlimit(resource, &limit) == 0)
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(resource, &limit)
        return Int(clamping: limit.rlim_cur)
    }
}
