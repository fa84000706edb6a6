import Faults
import Foundation
import Glibc
import Proxy
import Stack
import Stores
import Synchronization
import Testing
import Wire

/// A link to one of the stack's services, with a history of its own; both are gone when the test is over.
struct ClientLinks {
    let links: LocalLinks
    /// Where the link listens, `HOST:PORT`.
    let address: String
    private let historyPath: String
    private static let counter = Atomic<Int>(0)

    static func with<Value>(
        _ service: Service, body: (ClientLinks) async throws -> Value
    ) async throws -> Value {
        let path = "/tmp/faultline-clients-\(getpid())-\(counter.wrappingAdd(1, ordering: .relaxed).newValue)"
        defer { unlink(path) }
        let links = try LocalLinks(historyPath: path)
        do {
            let configuration = LinkConfiguration(
                name: service.rawValue, linkProtocol: traits(of: service).linkProtocol, service: service,
                upstream: try ClientServers.address(of: service))
            let address = try await links.open([configuration])[service.rawValue]?.first
            let value = try await body(
                ClientLinks(links: links, address: try #require(address), historyPath: path))
            await links.close()
            return value
        } catch {
            await links.close()
            throw error
        }
    }

    static func traits(of service: Service) -> LinkTraits {
        switch service {
        case .postgres: LinkTraits(.postgres, service: service)
        case .redis: LinkTraits(.redis, service: service)
        case .neo4j: LinkTraits(.bolt, service: service)
        default: LinkTraits(.http, service: service)
        }
    }

    /// All events so far, when no connection is open any more.
    func events() async throws -> [WireEvent] {
        try await eventually("the connections are over") { try await links.inFlight().connections == 0 }
        return try await eventsNow()
    }

    /// All events so far.
    func eventsNow() async throws -> [WireEvent] {
        let count = try await links.flushHistory()
        #expect(count.dropped == 0)
        var events: [WireEvent] = []
        try WireHistory.forEach(in: historyPath) { events.append($0) }
        return events
    }

    func apply(_ windows: Window...) async throws { try await links.apply(Plan(windows: windows, seed: 1)) }

    /// How often the first window has struck.
    func struck() async throws -> Int { try await links.progress()[1]?.struck ?? 0 }

    func heal() async throws { try await links.apply(Plan()) }

    /// Waits for something that the links will come to, at most thirty seconds.
    func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(30))
        while try await !condition() {
            guard ContinuousClock.now < deadline else {
                Issue.record("never came to it: \(what)")
                throw CancellationError()
            }
            await Task.yield()
        }
    }
}

extension WireEvent {
    /// Whether it is a request for an operation, a glob.
    func asks(for operation: String) -> Bool {
        kind == .message && direction == .request && Glob(operation).matches(self.operation)
    }
}
