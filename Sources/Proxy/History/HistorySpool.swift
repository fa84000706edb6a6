import Glibc
import Reactor
import Synchronization

/// Carries the loops' rings to one file, and to those who watch, on a thread of its own.
final class HistorySpool: Sendable {
    private struct State {
        var waiting: [CheckedContinuation<HistoryCount, Never>] = []
        var isClosing = false
        var isClosed = false
    }

    /// One a loop, each with one writer.
    let rings: [HistoryRing]
    private let bell: Bell
    /// -1 for none.
    private let file: Int32
    private let watches = Mutex<[WireWatch]>([])
    private let taps = Mutex<[HistoryTap]>([])
    private static let tapsMax = 8
    private static let watchesMax = 16
    /// More events in one go are not told to those who watch, but for their number: the file comes first.
    private static let toldMax = 20_000
    private let state = Mutex(State())
    private let lost = Atomic<Bool>(false)
    private let watched = WatchCounter()
    private static let intervalMilliseconds: Int32 = 50

    /// - Parameter path: `nil` writes none; then the rings are empty unless somebody watches.
    init(path: String?, rings count: Int) throws {
        rings = (0..<count).map { _ in HistoryRing(isWanted: path != nil) }
        bell = try Bell()
        file = path.map { Glibc.open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) } ?? -1
        if let path, file < 0 { throw SocketError.last("write the history to \(path)") }
        try Thread.start(name: "history") { self.run() }
    }

    func flush() async -> HistoryCount { await ask(closing: false) }

    func close() async { _ = await ask(closing: true) }

    /// What has become of events so far.
    var counts: HistoryCounts {
        var counts = HistoryCounts()
        counts.events = events
        counts.dropped = rings.reduce(0) { $0 + $1.dropped.load(ordering: .relaxed) }
        counts.isLost = lost.load(ordering: .relaxed)
        counts.watchers = watches.withLock { $0.count }
        (counts.shown, counts.missed) = watched.counts
        return counts
    }

    private var events: Int { rings.reduce(0) { $0 + $1.events.load(ordering: .acquiring) } }

    private func count(of events: Int) -> HistoryCount {
        let dropped = rings.reduce(0) { $0 + $1.dropped.load(ordering: .relaxed) }
        return lost.load(ordering: .relaxed)
            ? HistoryCount(written: 0, dropped: events + dropped) : HistoryCount(written: events, dropped: dropped)
    }

    private func ask(closing: Bool) async -> HistoryCount {
        await withCheckedContinuation { continuation in
            let accepted = state.withLock { state in
                guard !state.isClosed else { return false }
                state.waiting.append(continuation)
                if closing { state.isClosing = true }
                return true
            }
            if accepted {
                bell.ring()
            } else {
                continuation.resume(returning: count(of: events))
            }
        }
    }

    private func run() {
        var source = 0
        var asked = rings.map { _ in AskedKeys() }
        var dropped = rings.map { _ in 0 }
        while true {
            bell.wait(milliseconds: Self.intervalMilliseconds)
            let (waiting, closing) = state.withLock { state in
                defer { state.waiting = [] }
                if state.isClosing { state.isClosed = true }
                return (state.waiting, state.isClosing)
            }
            // Counted before draining: what is added meanwhile may not be in the file yet.
            let count = count(of: events)
            let ends = rings.map(\.end)
            // Asked for last: whoever watches from now on is told of all behind these ends with the next turn.
            let (watching, tapping) = (watches.withLock { $0 }, taps.withLock { $0 })
            for (index, ring) in rings.enumerated() {
                var records: [UInt8] = []
                // A ring is drained up to the end of a record, so those of different loops stay apart.
                ring.drain(upTo: ends[index]) { part in
                    if file >= 0 {
                        if source != index { write(source: index) }
                        source = index
                        write(part)
                    }
                    if !watching.isEmpty || !tapping.isEmpty { records.append(contentsOf: part) }
                }
                for tap in tapping { tap.offer(records, of: index, ring) }
                let lost = ring.dropped.load(ordering: .relaxed)
                tell(records, lost: lost - dropped[index], of: ring, to: watching, &asked[index])
                dropped[index] = lost
            }
            for watch in watching { watch.tick() }
            for tap in tapping { tap.tick() }
            for continuation in waiting { continuation.resume(returning: count) }
            if closing {
                if file >= 0 { Glibc.close(file) }
                for watch in watching { watch.end() }
                for tap in tapping { tap.end() }
                return
            }
        }
    }

    /// - Returns: `nil` when as many watch as may.
    func watch(_ isWanted: @escaping @Sendable (WireEvent) -> Bool) -> WireWatch? {
        let watch = WireWatch(isWanted, counter: watched) { [weak self] watch in self?.forget(watch) }
        let isTaken = watches.withLock { watches in
            guard watches.count < Self.watchesMax else { return false }
            watches.append(watch)
            for ring in rings { ring.isWanted.store(true, ordering: .relaxed) }
            return true
        }
        return isTaken ? watch : nil
    }

    private func forget(_ watch: WireWatch) {
        watches.withLock { watches in
            watches.removeAll { $0 === watch }
        }
        restIfUnwanted()
    }

    /// - Returns: `nil` when there are as many as may be.
    func tap(links: Set<String>) -> HistoryTap? {
        let rings = rings
        let dropped: @Sendable () -> Int = { rings.reduce(0) { $0 + $1.dropped.load(ordering: .relaxed) } }
        let tap = HistoryTap(links: links, rings: rings.count, dropped: dropped) { [weak self] tap in
            self?.forget(tap)
        }
        let isTaken = taps.withLock { taps in
            guard taps.count < Self.tapsMax else { return false }
            taps.append(tap)
            for ring in rings { ring.isWanted.store(true, ordering: .relaxed) }
            return true
        }
        return isTaken ? tap : nil
    }

    private func forget(_ tap: HistoryTap) {
        taps.withLock { taps in
            taps.removeAll { $0 === tap }
        }
        restIfUnwanted()
    }

    /// Has the rings filled no more, once nobody takes what is in them.
    private func restIfUnwanted() {
        guard file < 0 else { return }
        watches.withLock { watches in
            taps.withLock { taps in
                guard watches.isEmpty, taps.isEmpty else { return }
                for ring in rings { ring.isWanted.store(false, ordering: .relaxed) }
            }
        }
    }

    /// - Parameter lost: how many events more the ring had no room for.
    private func tell(
        _ records: [UInt8], lost: Int, of ring: HistoryRing, to watching: [WireWatch], _ asked: inout AskedKeys
    ) {
        guard !watching.isEmpty, !records.isEmpty || lost > 0 else { return }
        let names = ring.names.withLock { $0 }
        var told: [WireEvent] = []
        var untold = lost
        WireHistory.forEachRecord(in: records) { kind, fields in
            guard told.count < Self.toldMax else {
                untold += WireHistory.count(kind, fields)
                return
            }
            WireHistory.forEachEvent(kind, fields, names, &asked) { told.append($0) }
        }
        for watch in watching { watch.offer(told, untold: untold) }
    }

    private func write(source: Int) {
        HistoryRecord.source(source).withUnsafeBytes { write($0) }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let count = Glibc.write(file, part.baseAddress, part.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return lost.store(true, ordering: .relaxed) }
            rest = rest.dropFirst(count)
        }
    }
}
