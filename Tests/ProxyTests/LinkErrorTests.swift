import Glibc
import Proxy
import Testing

/// Links that cannot be: all or none are opened, and the error says which, why and what to do.
struct LinkErrorTests {
    private func refusal(_ configurations: [LinkConfiguration]) async throws -> LinkError {
        let links = try LocalLinks(historyPath: nil)
        let error = await #expect(throws: LinkError.self) { _ = try await links.open(configurations) }
        await links.close()
        return try #require(error)
    }

    @Test func twoLinksOfOneName() async throws {
        let error = try await refusal([.tcp("redis", to: "127.0.0.1:1"), .tcp("redis", to: "127.0.0.1:2")])
        #expect(error.link == "redis")
        #expect(error.what == "there is another link of this name")
    }

    @Test func aSecondLinkOfTheNameLaterOn() async throws {
        try await TestLinks.with(.tcp(to: "127.0.0.1:1")) { links in
            await #expect(throws: LinkError.self) { _ = try await links.links.open([.tcp(to: "127.0.0.1:1")]) }
        }
    }

    @Test func anAddressInUse() async throws {
        let taken = try PeerListener()
        let error = try await refusal([.tcp("redis", to: "127.0.0.1:1", listen: taken.address)])
        #expect(error.what == "cannot listen on \(taken.address): Address already in use")
        #expect(!error.mend.isEmpty)
    }

    @Test func aSocketsPathInUse() async throws {
        let path = "/tmp/faultline-taken-\(getpid())"
        defer { unlink(path) }
        let taken = try PeerListener("unix:\(path)")
        let error = try await refusal([.tcp("redis", to: "127.0.0.1:1", listen: taken.address)])
        #expect(error.what == "cannot listen on \(taken.address): Address already in use")
    }

    /// A path that was mistyped must not cost its owner a file.
    @Test func aFileAtASocketsPath() async throws {
        let path = "/tmp/faultline-file-\(getpid())"
        defer { unlink(path) }
        close(open(path, O_CREAT | O_WRONLY, 0o600))
        let links = try LocalLinks(historyPath: nil)
        await #expect(throws: LinkError.self) {
            _ = try await links.open([.tcp(to: "127.0.0.1:1", listen: "unix:\(path)")])
        }
        #expect(access(path, F_OK) == 0)
        await links.close()
    }

    @Test func noneIsOpenedWhereOneCannotBe() async throws {
        let taken = try PeerListener()
        var free: PeerListener? = try PeerListener()
        let address = try #require(free?.address)
        free = nil
        _ = try await refusal([
            .tcp("a", to: "127.0.0.1:1", listen: address), .tcp("b", to: "127.0.0.1:1", listen: taken.address),
        ])
        #expect(throws: Never.self) { try PeerListener(address) }
    }

    @Test(arguments: ["nonsense", "127.0.0.1", "127.0.0.1:70000", "127.0.0.1:x", ":80", ""]) func noAddress(
        text: String
    ) async throws {
        let upstream = try await refusal([.tcp("redis", to: text)])
        #expect(upstream.what == "'\(text)' is no upstream address")
        let listen = try await refusal([.tcp("redis", to: "127.0.0.1:1", listen: text)])
        #expect(listen.what == "'\(text)' is no address to listen on")
    }

    @Test func aHistoryThatCannotBeWritten() {
        #expect(throws: LinkError.self) { _ = try LocalLinks(historyPath: "/nowhere/at/all") }
    }
}
