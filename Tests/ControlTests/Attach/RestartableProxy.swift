import Control
import Proxy
import Stores
import Synchronization
import Wire

/// A standing proxy with its API on a port that it keeps when it is killed and started anew.
final class RestartableProxy: Sendable {
    private struct Running {
        var live: LiveLinks
        var server: Task<Void, Never>
    }

    let address: String
    private let links: [LinkConfiguration]
    private let historyPath: String?
    private let threads: Int
    private let running: Mutex<Running?>

    /// - Parameters:
    ///   - history: where it spools the history of its own; nil: nowhere.
    private init(_ links: [LinkConfiguration], history: String?, threads: Int) async throws {
        (self.links, historyPath, self.threads) = (links, history, threads)
        let (running, address) = try await Self.start(links, history: history, threads: threads, port: 0)
        self.address = address
        self.running = Mutex(running)
    }

    /// Calls the body with it, and ends it afterwards.
    static func with<Value>(
        _ links: [LinkConfiguration], history: String? = nil, threads: Int = 1,
        _ body: (RestartableProxy) async throws -> Value
    ) async throws -> Value {
        let proxy = try await RestartableProxy(links, history: history, threads: threads)
        do {
            let value = try await body(proxy)
            await proxy.kill()
            return value
        } catch {
            await proxy.kill()
            throw error
        }
    }

    /// A link `a` to a server that echoes, whose messages are chunks.
    static func withEcho(
        history: String? = nil, threads: Int = 1, _ body: (RestartableProxy) async throws -> Void
    ) async throws {
        let echo = try Echo()
        let link = LinkConfiguration(name: "a", linkProtocol: .tcp, upstream: echo.address)
        try await with([link], history: history, threads: threads, body)
    }

    private static func start(
        _ links: [LinkConfiguration], history: String?, threads: Int, port: Int
    ) async throws -> (Running, String) {
        let live = LiveLinks(try LocalLinks(historyPath: history, threads: threads, isWatchable: true))
        for link in links { try await live.add(LiveLink(link, source: .api)) }
        let (addresses, ready) = AsyncThrowingStream.makeStream(of: String.self)
        let server = Task {
            do {
                try await ControlServer(live, at: .init(host: "127.0.0.1", port: port, token: nil)).run {
                    ready.yield($0)
                }
                ready.finish()
            } catch {
                ready.finish(throwing: error)
            }
        }
        for try await address in addresses { return (Running(live: live, server: server), address) }
        throw CancellationError()
    }

    var live: LiveLinks {
        get throws {
            guard let live = running.withLock({ $0?.live }) else { throw CancellationError() }
            return live
        }
    }

    func kill() async {
        let former = running.withLock { running in
            defer { running = nil }
            return running
        }
        former?.server.cancel()
        await former?.server.value
        await former?.live.close()
    }

    /// Another one in its place: it knows nothing of what was there.
    func restart() async throws {
        await kill()
        let port = Int(address.split(separator: ":")[1])!
        let (next, _) = try await Self.start(links, history: nil, threads: threads, port: port)
        running.withLock { $0 = next }
    }

    // MARK: Attaching

    func attached(_ owner: String = "run", historyPath: String = "/dev/null") throws -> AttachedLinks {
        try AttachedLinks(address, token: nil, owner: owner, historyPath: historyPath)
    }

    /// Waits for something that must come, at most thirty seconds.
    func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await !condition() {
            guard ContinuousClock.now < deadline else { throw NeverCame(what: what) }
            await Task.yield()
        }
    }

    struct NeverCame: Error { var what: String }
}
