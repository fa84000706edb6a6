import Control
import Faults
import Glibc
import Proxy
import Reactor
import Stores
import Synchronization
import Testing
import Wire

/// Links without any, steered by the APIs at a real port.
struct ControlPort {
    struct Answer: Hashable, CustomStringConvertible {
        var status: Int
        var headers: [String: String]
        var body: String

        var json: JSON? { JSON(Array(body.utf8)) }
        var description: String { "\(status) \(body)" }
    }

    let live: LiveLinks
    let clock: ManualClock
    let address: String

    static func with(
        token: String? = nil, allow: @escaping LiveLinks.Allowance = { _ in }, history: String? = nil,
        threads: Int = 1, resolver: @escaping Resolver = { try SocketAddress.resolve(host: $0, port: $1) },
        _ body: (ControlPort) async throws -> Void
    ) async throws {
        let clock = ManualClock()
        let links = try LocalLinks(
            historyPath: history, threads: threads, isWatchable: true, resolver: resolver)
        let live = LiveLinks(links, seed: 1, clock: clock.live, allowance: allow)
        let (addresses, ready) = AsyncStream.makeStream(of: String.self)
        let server = ControlServer(live, at: .init(host: "127.0.0.1", port: 0, token: token))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { ready.finish() }
                try await server.run { ready.yield($0) }
            }
            var iterator = addresses.makeAsyncIterator()
            guard let address = await iterator.next() else { throw CancellationError() }
            do {
                try await body(ControlPort(live: live, clock: clock, address: address))
            } catch {
                await live.close()
                throw error
            }
            group.cancelAll()
            await live.close()
            do { try await group.waitForAll() } catch is CancellationError {}
        }
    }

    /// Asks on a connection of its own.
    func ask(
        _ method: String, _ path: String, _ body: String? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        var fields = ["Host": address, "Connection": "close", "Content-Type": "application/json"]
        if let body { fields["Content-Length"] = "\(body.utf8.count)" }
        fields.merge(headers) { $1 }
        let head = fields.filter { !$0.value.isEmpty }.map { "\($0.key): \($0.value)\r\n" }.joined()
        let peer = try await Peer.connect(address)
        try await peer.send("\(method) \(path) HTTP/1.1\r\n\(head)\r\n\(body ?? "")")
        return try Self.read(try await peer.receiveAll())
    }

    private static func read(_ text: String) throws -> Answer {
        let border = try #require(text.firstRange(of: "\r\n\r\n"), "\(text)")
        let lines = text[..<border.lowerBound].split(separator: "\r\n")
        let status = try #require(Int(lines[0].split(separator: " ")[1]))
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (parts[0].lowercased(), parts[1].trimmingPrefix(" "))
        }
        return Answer(
            status: status, headers: Dictionary(headers.map { ($0, String($1)) }, uniquingKeysWith: { $1 }),
            body: String(text[border.upperBound...]))
    }

    /// A proxy of Toxiproxy's to an upstream.
    ///
    /// - Returns: where it listens.
    func proxy(_ name: String = "p", to upstream: String) async throws -> String {
        let answer = try await ask("POST", "/proxies", #"{"name":"\#(name)","upstream":"\#(upstream)"}"#)
        try #require(answer.status == 201, "\(answer)")
        return try #require(answer.json?["listen"]?.string)
    }

    /// How often the link's faults have struck.
    func struck(on link: String = "p") async throws -> Int {
        let numbers = await live.now.set.faults(on: link).map(\.number)
        let progress = try await live.progress()
        return numbers.reduce(0) { $0 + (progress[$1]?.struck ?? 0) }
    }

    /// Waits for something that must come, at most twenty seconds.
    func eventually(
        _ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while try await !condition() {
            guard ContinuousClock.now < deadline else {
                Issue.record("never came to it: \(what)", sourceLocation: sourceLocation)
                throw Peer.Failure.silence
            }
            await Task.yield()
        }
    }
}

/// A clock that goes when the test says so. A sleep is over when it has gone so far.
final class ManualClock: Sendable {
    private struct State {
        var now = Duration.zero
        var sleepers: [(due: Duration, continuation: CheckedContinuation<Void, any Error>)] = []
    }

    private let state = Mutex(State())

    var live: LiveClock {
        LiveClock(
            now: { self.state.withLock { $0.now } },
            sleep: { duration in
                try await withCheckedThrowingContinuation { continuation in
                    self.state.withLock { $0.sleepers.append(($0.now + duration, continuation)) }
                    self.advance(by: .zero)
                }
            })
    }

    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now += duration
            let now = state.now
            defer { state.sleepers.removeAll { $0.due <= now } }
            return state.sleepers.filter { $0.due <= now }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    deinit {
        for sleeper in state.withLock({ $0.sleepers }) { sleeper.continuation.resume(throwing: CancellationError()) }
    }
}
