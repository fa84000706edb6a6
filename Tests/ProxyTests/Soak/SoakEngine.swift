import Faults
import Glibc
import Reactor
import Synchronization

/// What the soak's thread is told from outside.
final class SoakSignal: Sendable {
    let stops = Atomic<Bool>(false)
}

/// The peers of a soak, clients and servers, on one thread: each lane of each link carries one connection after the other.
final class SoakEngine {
    /// A lane of a link, and who may connect to it next.
    private struct Lane {
        let link: String
        let number: Int
        let address: SocketAddress
        var client: SoakEnd?
        var nextStart = Nanoseconds.zero
    }

    /// Whether peers break connections themselves.
    var mayAbort = true
    /// Where several loops accept, one that leaves at once may be numbered behind the next of its lane.
    var leavesUnheard = true
    private let seed: UInt64
    private var random: SeededRandom
    private let streamListener: Int32
    private let callListener: Int32
    private var lanes: [Lane] = []
    private var servers: [SoakEnd] = []
    private var count = 0
    private(set) var streams: [SoakEvidence] = []
    private(set) var talks: [SoakTalk] = []
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

    static let streamLink = "bytes"
    static let callLink = "calls"
    private static let pause = Nanoseconds(.milliseconds(2))
    /// A connection on which nothing has happened for so long hangs.
    private static let patience = Nanoseconds(.seconds(30))

    /// - Parameters:
    ///   - streamListener: where the server of `tcp` links listens, a descriptor that stays its owner's; likewise `callListener`.
    ///   - addresses: of each link's lanes, by the link's name.
    init(seed: UInt64, streamListener: Int32, callListener: Int32, addresses: [String: [String]]) throws {
        self.seed = seed
        random = SeededRandom(seed: seed)
        (self.streamListener, self.callListener) = (streamListener, callListener)
        for link in addresses.keys.sorted() {
            for (number, address) in addresses[link]!.enumerated() {
                lanes.append(Lane(link: link, number: number, address: try Peer.address(address)))
            }
        }
    }

    deinit { buffer.deallocate() }

    /// Connects again and again until it is told to stop, and goes on until the last connection has ended.
    func run(until signal: SoakSignal) {
        while true {
            let now = Nanoseconds.now()
            let stops = signal.stops.load(ordering: .acquiring)
            for index in lanes.indices {
                if let client = lanes[index].client, client.ending != nil {
                    lanes[index].client = nil
                    // Who was refused doesn't try again at once, so that a refusal costs little.
                    lanes[index].nextStart = client.ending == .finished ? now : now + Self.pause
                }
                if lanes[index].client == nil, !stops, now >= lanes[index].nextStart { start(index) }
            }
            servers.removeAll { $0.ending != nil }
            if stops, servers.isEmpty, lanes.allSatisfy({ $0.client == nil }) { return }
            turn(at: now)
        }
    }

    private func turn(at now: Nanoseconds) {
        let ends = servers + lanes.compactMap(\.client)
        var entries = [streamListener, callListener].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var wait = Nanoseconds(.milliseconds(5))
        for end in ends {
            entries.append(pollfd(fd: end.descriptor, events: end.wanted(at: now), revents: 0))
            if let until = end.waitsUntil(now) { wait = min(wait, until - now) }
        }
        poll(&entries, nfds_t(entries.count), Int32(max(1, wait.rawValue / 1_000_000)))
        let now = Nanoseconds.now()
        for (end, entry) in zip(ends, entries.dropFirst(2)) {
            if entry.revents != 0 { end.turn(entry.revents, at: now, buffer) }
            if end.ending == nil, now - end.lastProgress > Self.patience { end.end(.stuck) }
        }
        if entries[0].revents != 0 {
            accept(streamListener) { [unowned self] in SoakStreamServer($0, find: self.stream) }
        }
        if entries[1].revents != 0 {
            accept(callListener) { [unowned self] in SoakTalkServer($0, seed: self.seed, find: self.talk) }
        }
    }

    private func accept(_ listener: Int32, _ server: (Int32) -> SoakEnd) {
        while let descriptor = (try? Socket.accept(listener)) ?? nil { servers.append(server(descriptor)) }
    }

    private func start(_ index: Int) {
        count += 1
        let lane = lanes[index]
        var own = SeededRandom(seed: random.next())
        // Its time begins before the system is asked: a window may end while it answers.
        if lane.link == Self.streamLink {
            var script = SoakScript(id: count, seed: seed, random: &own)
            if !mayAbort { (script.clientAborts, script.serverAborts) = (nil, nil) }
            script.leavesUnheard = leavesUnheard
            let stream = SoakEvidence(script, lane: lane.number)
            streams.append(stream)
            connect(index, { SoakStreamClient($0, stream) }) { (stream.clientEnding, stream.ended) = ($0, .now()) }
        } else {
            let talk = SoakTalk(id: count, lane: lane.number, seed: seed, random: &own)
            talk.leavesUnheard = leavesUnheard
            talks.append(talk)
            connect(index, { SoakTalkClient($0, talk) }) { (talk.clientEnding, talk.ended) = ($0, .now()) }
        }
    }

    /// - Parameter failed: the system could not even begin to connect.
    private func connect(_ index: Int, _ client: (Int32) -> SoakEnd, failed: (SoakEnding) -> Void) {
        if let descriptor = Socket.connect(lanes[index].address) {
            lanes[index].client = client(descriptor)
        } else {
            failed(.failed(errno))
            lanes[index].nextStart = .now() + Self.pause
        }
    }

    private func talk(_ id: Int) -> SoakTalk? { talks.last { $0.id == id } }

    /// The connection whose header this is, or is nearest to what it was before a fault changed it.
    private func stream(_ header: [UInt8]) -> SoakEvidence? {
        let open = streams.suffix(Self.streamsLookedAt).filter { $0.serverEnding == nil }
        func distance(_ stream: SoakEvidence) -> Int {
            let own = SoakScript.header(stream.script.id, seed: seed)
            return zip(own, header).count { $0 != $1 }
        }
        guard let nearest = open.min(by: { distance($0) < distance($1) }) else { return nil }
        return distance(nearest) <= SoakScript.headerSize / 2 ? nearest : nil
    }

    private static let streamsLookedAt = 2000
}
