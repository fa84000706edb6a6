import Faults
import Glibc
import Proxy
import Reactor
import Synchronization
import Testing
import Wire

/// Links with a history; both are gone when the test is over.
struct TestLinks {
    let links: LocalLinks
    let historyPath: String
    private let addresses: [String: [String]]

    static func with(
        _ configurations: LinkConfiguration..., threads: Int = 1, resolver: Resolver? = nil,
        body: (TestLinks) async throws -> Void
    ) async throws {
        let path = "/tmp/faultline-links-\(getpid())-\(counter.wrappingAdd(1, ordering: .relaxed).newValue)"
        defer { unlink(path) }
        let links =
            try resolver.map { try LocalLinks(historyPath: path, threads: threads, resolver: $0) }
            ?? LocalLinks(historyPath: path, threads: threads)
        do {
            let addresses = try await links.open(configurations)
            try await body(TestLinks(links: links, historyPath: path, addresses: addresses))
            await links.close()
        } catch {
            await links.close()
            throw error
        }
    }

    /// A link of bytes, and one connection through it.
    static func connected(
        _ body: (TestLinks, _ client: Peer, _ server: Peer) async throws -> Void
    ) async throws {
        let listener = try PeerListener()
        try await with(.tcp(to: listener.address)) { links in
            let client = try await links.connect()
            try await body(links, client, try await listener.accept())
        }
    }

    private static let counter = Atomic<Int>(0)

    func address(_ name: String = "link", lane: Int = 0) throws -> String { try addresses(name)[lane] }

    func addresses(_ name: String = "link") throws -> [String] { try #require(addresses[name]) }

    func connect(_ name: String = "link", lane: Int = 0) async throws -> Peer {
        try await Peer.connect(address(name, lane: lane))
    }

    func apply(_ windows: Window...) async throws {
        try await links.apply(Plan(windows: windows, seed: 1))
    }

    /// How often the first window has struck.
    func struck() async throws -> Int { try await links.progress()[1]?.struck ?? 0 }

    func heal() async throws { try await links.apply(Plan()) }

    /// All events so far.
    func events() async throws -> [WireEvent] {
        let count = try await links.flushHistory()
        var events: [WireEvent] = []
        try WireHistory.forEach(in: historyPath) { events.append($0) }
        // Connections that end meanwhile add events after those that the flush counted; none may be missing.
        #expect(count.written <= events.count)
        #expect(count.dropped == 0)
        return events
    }

    func messages(_ direction: Direction? = nil) async throws -> [WireEvent] {
        try await events().filter { $0.kind == .message && (direction == nil || $0.direction == direction) }
    }

    /// Waits until bytes wait in the links, and gives them many turns of the loop to take in more than they should.
    func expectBoundedMemory(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await eventually("bytes wait", sourceLocation: sourceLocation) { $0.bytes > 0 }
        var most = 0
        for _ in 0..<300 { most = max(most, try await links.inFlight().bytes) }
        #expect(most <= 1024 * 1024, sourceLocation: sourceLocation)
    }

    /// Waits for something that the links will come to, at most twenty seconds.
    func eventually(
        _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ condition: (InFlight) async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while try await !condition(links.inFlight()) {
            guard ContinuousClock.now < deadline else {
                Issue.record("never came to it: \(what)", sourceLocation: sourceLocation)
                throw Peer.Failure.silence
            }
            await Task.yield()
        }
    }
}

extension LinkConfiguration {
    static func tcp(_ name: String = "link", to upstream: String, listen: String = "127.0.0.1:0") -> Self {
        Self(name: name, linkProtocol: .tcp, listen: listen, upstream: upstream)
    }

    static func http(_ name: String = "link", service: Service? = nil, to upstream: String) -> Self {
        Self(name: name, linkProtocol: .http, service: service, upstream: upstream)
    }
}

extension Window {
    /// A window as an experiment file would make it.
    static func inject(
        _ kind: String, _ options: KeyValuePairs<String, String> = [:], id: Int = 1, on link: String = "link",
        when selector: KeyValuePairs<String, String> = [:], over linkProtocol: LinkProtocol = .tcp,
        service: Service? = nil
    ) throws -> Window {
        let mark = SpecNode.Mark(line: 1, column: 1)
        func entry(_ key: String, _ content: SpecNode.Content) -> SpecNode.Entry {
            SpecNode.Entry(key: key, mark: mark, node: SpecNode(content, at: mark))
        }
        func mapping(_ pairs: KeyValuePairs<String, String>) -> SpecNode.Content {
            .mapping(pairs.map { entry($0.key, .scalar($0.value)) })
        }
        var entries = [entry("on", .scalar(link)), entry("inject", .mapping([entry(kind, mapping(options))]))]
        if !selector.isEmpty { entries.append(entry("when", mapping(selector))) }
        let spec = try Spec(file: "a.yaml", root: SpecNode(.mapping(entries), at: mark))
        let read = try WindowReader.read([spec], links: [link: LinkTraits(linkProtocol, service: service)])[0]
        return Window(id: id, link: link, selector: read.selector, fault: read.fault)
    }
}
