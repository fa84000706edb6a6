import Faults
import Glibc
import Proxy
import Reactor
import Synchronization
import Testing
import Wire

/// Some seconds of load through links of their own, with plans that come and go, and what was wrong with it.
struct SoakRound {
    struct Outcome: Sendable {
        var differences: [SoakDifference]
        var streams = 0
        var calls = 0
        var bytes = 0
        var plans = 0
        /// How long it took at most until a plan was in force.
        var longestTaking = Duration.zero
        /// How often faults struck, by kind.
        var strikes: [String: Int] = [:]
    }

    let seed: UInt64
    let duration: Duration
    /// Connections at once on each link.
    var streamLanes = 8
    var callLanes = 4
    var appliesPlans = true
    var mayAbort = true
    /// How many loops carry the links.
    var threads = 1
    /// Stands between the link and the server of streams, and is given the server's address; it gives its own.
    var between: (@Sendable (String) throws -> BrokenRelay)?

    func run() async throws -> Outcome {
        let streamListener = try SoakListener()
        let callListener = try SoakListener()
        let relay = try between.map { try $0(streamListener.address) }
        defer { relay?.close() }
        var bytes = LinkConfiguration.tcp(SoakEngine.streamLink, to: relay?.address ?? streamListener.address)
        var calls = LinkConfiguration.http(SoakEngine.callLink, to: callListener.address)
        (bytes.lanes, calls.lanes) = (streamLanes, callLanes)
        let plans = SoakPlans(
            links: [bytes.name: .tcp, calls.name: .http], seed: seed &* 0x9E37_79B9_7F4A_7C15)
        var outcome: Outcome?
        try await TestLinks.with(bytes, calls, threads: threads) { links in
            let addresses = [bytes.name: try links.addresses(bytes.name), calls.name: try links.addresses(calls.name)]
            let signal = SoakSignal()
            async let load = offPool {
                let engine = try SoakEngine(
                    seed: seed, streamListener: streamListener.descriptor, callListener: callListener.descriptor,
                    addresses: addresses)
                (engine.mayAbort, engine.leavesUnheard) = (mayAbort, threads == 1)
                engine.run(until: signal)
                return SoakLoad(streams: engine.streams, talks: engine.talks)
            }
            do {
                try await steer(links, plans)
            } catch {
                signal.stops.store(true, ordering: .releasing)
                throw error
            }
            signal.stops.store(true, ordering: .releasing)
            let done = try await load
            outcome = try await judge(done, links, plans)
        }
        return outcome!
    }

    /// Puts plans in force until the time is over, now and then many without a pause; the last is empty.
    private func steer(_ links: TestLinks, _ plans: SoakPlans) async throws {
        let end = ContinuousClock.now.advanced(by: duration)
        while ContinuousClock.now < end {
            if appliesPlans {
                let burst = plans.draw { $0.next() % 16 == 0 ? 100 : 1 }
                for _ in 0..<burst {
                    try await links.links.apply(plans.next())
                    plans.taken()
                }
            }
            let pause = plans.draw { Duration.milliseconds(1 << Int.random(in: 0...9, using: &$0)) }
            try await Task.sleep(for: min(pause, end - ContinuousClock.now))
        }
        try await links.links.apply(plans.last())
        plans.taken()
    }

    private func judge(_ load: SoakLoad, _ links: TestLinks, _ plans: SoakPlans) async throws -> Outcome {
        var outcome = Outcome(differences: [])
        do {
            try await links.eventually("no connection is left") { $0.connections == 0 && $0.bytes == 0 }
        } catch {
            let left = try await links.links.inFlight()
            outcome.differences.append(
                SoakDifference(link: "*", id: 0, what: "their peers have gone, and the links keep \(left)"))
        }
        let history = try await links.events()
        let start = try await Self.start(of: links)
        let streams = SoakJudge(SoakEngine.streamLink, history, since: start, plans)
        streams.judge(load.streams)
        let calls = SoakJudge(SoakEngine.callLink, history, since: start, plans)
        calls.judge(load.talks)
        outcome.differences += streams.differences + calls.differences
        outcome.streams = load.streams.count
        outcome.calls = load.talks.reduce(0) { $0 + $1.calls.count { $0.isResponseWhole } }
        outcome.bytes = history.filter { $0.kind == .message }.reduce(0) { $0 + $1.size }
        (outcome.plans, outcome.longestTaking) = (plans.count, plans.longestTaking)
        for event in history where event.window != 0 {
            outcome.strikes[plans.window(event.window)?.fault.kind ?? "?", default: 0] += 1
        }
        return outcome
    }
}

extension SoakRound {
    /// When the history's time began, as the monotonic clock has it.
    private static func start(of links: TestLinks) async throws -> Nanoseconds {
        var latest = Nanoseconds.zero
        // The quicker the answer, the nearer it is.
        for _ in 0..<20 {
            let asked = Nanoseconds.now()
            latest = max(latest, asked - Nanoseconds(try await links.links.now()))
        }
        return latest
    }
}

/// What the soak's thread hands over when it is done: nobody else holds it any more.
private struct SoakLoad: @unchecked Sendable {
    let streams: [SoakEvidence]
    let talks: [SoakTalk]
}

/// Where a server of the soak listens.
final class SoakListener: Sendable {
    let descriptor: Int32
    let address: String

    init() throws {
        let (descriptor, local) = try Socket.listen(Peer.address("127.0.0.1:0"), named: "the soak's server")
        self.descriptor = descriptor
        address = "127.0.0.1:\(local.port)"
    }

    deinit { close(descriptor) }
}
