import Synchronization

/// The history of some links as it is made, without loss, in the form that files of it have. What its reader doesn't take in time is
/// kept, up to a bound; beyond that events are dropped and counted, and never told by halves.
///
/// Among the records there are marks, which no file has: a number, how many bytes of records came before, and how many events
/// were dropped by then. There is one at least every other second.
package final class HistoryTap: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        /// Bytes of records that were offered, read or not.
        var offered = 0
        var missed = 0
        /// The ring whose records came last.
        var source = 0
        /// How many names of each ring were told.
        var named: [Int]
        /// Whether a name is that of a link that is told of, by ring and number.
        var isTold: [[Bool]]
        /// What windows are called, by their numbers here.
        var windows: [Int: Int] = [:]
        var waiting: CheckedContinuation<[UInt8]?, Never>?
        /// Turns of the history since something was read.
        var turns = 0
        var isOver = false
    }

    private let state: Mutex<State>
    private let links: Set<String>
    private let dropped: @Sendable () -> Int
    /// What had been dropped when it began.
    private let droppedBefore: Int
    private let onStop: @Sendable (HistoryTap) -> Void
    /// For half a minute of 10,000 messages a second.
    package static let bytesMax = 32 << 20
    /// Of the history's thread, about twenty a second.
    private static let turnsMax = 20

    init(
        links: Set<String>, rings: Int, dropped: @escaping @Sendable () -> Int,
        onStop: @escaping @Sendable (HistoryTap) -> Void
    ) {
        self.links = links
        self.dropped = dropped
        self.onStop = onStop
        droppedBefore = dropped()
        state = Mutex(
            State(named: Array(repeating: 0, count: rings), isTold: Array(repeating: [], count: rings)))
    }

    /// What windows are called from now on, by their numbers here, beside those that were named before. Others have their numbers
    /// below zero.
    package func name(_ windows: [Int: Int]) { state.withLock { $0.windows.merge(windows) { $1 } } }

    /// What is there, once there is something; `nil` when it is over, or its task is cancelled. For one task at a time.
    package func next() async -> [UInt8]? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { state in
                    guard !state.isOver || !state.bytes.isEmpty else { return continuation.resume(returning: nil) }
                    state.waiting = continuation
                    Self.deliver(&state)
                }
            }
        } onCancel: {
            end()
        }
    }

    /// Nothing more is wanted.
    package func stop() {
        onStop(self)
        end()
    }

    /// What is there can still be read.
    func end() {
        state.withLock { state in
            state.isOver = true
            state.waiting?.resume(returning: nil)
            state.waiting = nil
        }
    }

    func mark(_ number: Int) {
        let dropped = dropped() - droppedBefore
        state.withLock { state in
            state.bytes += HistoryRecord.mark(number, position: state.offered, dropped: dropped + state.missed)
            Self.deliver(&state)
        }
    }

    /// The history has had another turn.
    func tick() {
        let isSilent = state.withLock { state in
            state.turns += 1
            return state.turns >= Self.turnsMax && state.waiting != nil
        }
        if isSilent { mark(0) }
    }

    private static func deliver(_ state: inout State) {
        guard let waiting = state.waiting, !state.bytes.isEmpty else { return }
        let bytes = state.bytes
        (state.bytes, state.waiting, state.turns) = ([], nil, 0)
        waiting.resume(returning: bytes)
    }

    // MARK: Records

    /// - Parameters:
    ///   - records: whole ones, of one ring. The names that they define are among the ring's.
    ///   - index: of that ring.
    func offer(_ records: [UInt8], of index: Int, _ ring: HistoryRing) {
        guard !records.isEmpty else { return }
        state.withLock { state in
            guard !state.isOver else { return }
            var told: [UInt8] = []
            if state.source != index {
                told += HistoryRecord.source(index)
                state.source = index
            }
            // Definitions among the records may lie before its beginning, so it tells all of its own.
            ring.names.withLock { names in
                for name in names[state.named[index]...] {
                    told += HistoryRecord.definition(of: name)
                    state.isTold[index].append(links.contains(name))
                }
                state.named[index] = names.count
            }
            let isTold = state.isTold[index]
            let isFull = state.bytes.count + records.count > Self.bytesMax
            WireHistory.forEachRecord(in: records) { kind, fields in
                guard kind != HistoryRecord.definition else { return }
                let link = HistoryFields.link(in: fields)
                guard isTold.indices.contains(link), isTold[link] else { return }
                guard !isFull else {
                    state.missed += WireHistory.count(kind, fields)
                    return
                }
                let start = told.count
                told += records[(fields.startIndex - HistoryRecord.headBytes)..<fields.endIndex]
                HistoryFields.renameWindow(in: &told, recordAt: start) { state.windows[$0] ?? -$0 }
            }
            state.bytes += told
            state.offered += told.count
            Self.deliver(&state)
        }
    }
}
