import Glibc
import Reactor
import Synchronization

/// Carries the loops' rings to one file, on a thread of its own.
final class HistorySpool: Sendable {
    private struct State {
        var waiting: [CheckedContinuation<HistoryCount, Never>] = []
        var isClosing = false
        var isClosed = false
    }

    /// One a loop, each with one writer.
    let rings: [HistoryRing]
    private let bell: Bell
    private let file: Int32
    private let state = Mutex(State())
    private let lost = Atomic<Bool>(false)
    private static let intervalMilliseconds: Int32 = 50

    init(path: String, rings count: Int) throws {
        rings = (0..<count).map { _ in HistoryRing() }
        bell = try Bell()
        file = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw SocketError.last("write the history to \(path)") }
        try Thread.start(name: "history") { self.run() }
    }

    func flush() async -> HistoryCount { await ask(closing: false) }

    func close() async { _ = await ask(closing: true) }

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
        while true {
            bell.wait(milliseconds: Self.intervalMilliseconds)
            let (waiting, closing) = state.withLock { state in
                defer { state.waiting = [] }
                if state.isClosing { state.isClosed = true }
                return (state.waiting, state.isClosing)
            }
            // Counted before draining: what is added meanwhile may not be in the file yet.
            let count = count(of: events)
            for (index, ring) in rings.enumerated() {
                // A ring is drained up to the end of a record, so those of different loops stay apart.
                ring.drain { part in
                    if source != index { write(source: index) }
                    source = index
                    write(part)
                }
            }
            for continuation in waiting { continuation.resume(returning: count) }
            if closing {
                Glibc.close(file)
                return
            }
        }
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
