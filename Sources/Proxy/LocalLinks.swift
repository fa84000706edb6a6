package import Faults
import Reactor

/// Links that live in this process, on loops of their own.
///
/// The loops share one plan and the counts of its windows. A connection stays on the loop that the kernel gave it to.
package final class LocalLinks: LinkControl {
    private let board: LinkBoard
    private let loops: [LoopThread<Links>]
    private let spool: HistorySpool?
    private let resolver: Resolver
    package static let threadsMax = 64

    /// - Parameters:
    ///   - historyPath: the file that the wire history is spooled to (`WireHistory.forEach` reads it); `nil` keeps none.
    ///   - isWatchable: somebody may watch, whether or not there is a file.
    ///   - threads: how many loops carry the links, from 1. The order in which several accept connections, and so the
    ///     connections' numbers, is not the same from run to run.
    ///   - resolver: the system's, unless a test has names of its own.
    /// - Throws: `LinkError` when the file cannot be made.
    package init(
        historyPath: String?, threads: Int = 1, isWatchable: Bool = false,
        resolver: @escaping Resolver = { try SocketAddress.resolve(host: $0, port: $1) }
    ) throws {
        self.resolver = resolver
        guard (1...Self.threadsMax).contains(threads) else {
            throw LinkError(
                link: "*", what: "there cannot be \(threads) threads",
                mend: "name a number from 1 to \(Self.threadsMax)")
        }
        DescriptorLimit.raise()
        do {
            let spool =
                historyPath != nil || isWatchable ? try HistorySpool(path: historyPath, rings: threads) : nil
            let board = LinkBoard(start: .now())
            loops = try (0..<threads).map { index in
                try LoopThread(name: threads == 1 ? "links" : "links-\(index)") { loop in
                    let history = spool.map { HistoryWriter($0.rings[index], start: board.start) }
                    return Links(loop: loop, index: index, board: board, history: history)
                }
            }
            board.join(loops)
            (self.board, self.spool) = (board, spool)
        } catch {
            throw LinkError(link: "*", what: "\(error)", mend: "check the run's folder and the limit on open files")
        }
    }

    package func open(_ links: [LinkConfiguration]) async throws -> [String: [String]] {
        try await change(closing: [], opening: links)
    }

    package func close(_ names: [String]) async throws {
        try await change(closing: names, opening: [])
    }

    /// Closes links and opens others in their place, all or none, and puts a plan in force meanwhile. An address that one of
    /// the closed listened on, and one of the opened asks for in the same words, goes over: nobody is refused in between.
    ///
    /// - Parameters:
    ///   - plan: in force on the opened links from their first connection; `nil` leaves the one that is.
    ///   - meanwhile: done once all that can fail of the change has been done. When it throws nothing is changed.
    /// - Returns: where each opened link listens, one address a lane.
    @discardableResult
    package func change(
        closing: [String], opening: [LinkConfiguration], plan: Plan? = nil,
        meanwhile: () async throws -> Void = {}
    ) async throws -> [String: [String]] {
        let names = opening.map(\.name)
        let former = try board.beginChange(closing: closing, opening: names)
        var opened: [OpenedLink]?
        defer { board.endChange(closing: closing, opening: names, opened: opened) }
        let count = loops.count
        let resolver = resolver
        let found = try await onThreadOfItsOwn {
            try OpenedLink.open(opening, replacing: former, loops: count, by: resolver)
        }
        do {
            if let plan { try await apply(plan) }
            try await meanwhile()
            for loop in loops { try await loop.call { $0.change(closing: closing, opening: found) } }
        } catch {
            OpenedLink.close(found, except: former)
            throw error
        }
        OpenedLink.close(former, except: found)
        opened = found
        return Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.addresses) })
    }

    /// Resolving a name blocks.
    private func onThreadOfItsOwn<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try Thread.start(name: "resolver") { continuation.resume(with: Result { try work() }) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    @discardableResult
    package func apply(_ plan: Plan) async throws -> Int64 { try await apply(plan, on: nil) }

    /// Puts a plan in force on some of the links: on all others the windows of the plan before go on undisturbed, and have to be
    /// the same in this one.
    ///
    /// - Parameter names: `nil` for all.
    /// - Returns: the history's time when it came into force.
    @discardableResult
    package func apply(_ plan: Plan, on names: Set<String>?) async throws -> Int64 {
        var time = try await loops[0].call {
            $0.apply(plan, on: names)
            return $0.historyTime
        }
        for loop in loops.dropFirst() {
            time = min(
                time,
                try await loop.call {
                    $0.planChanged(on: names)
                    return $0.historyTime
                })
        }
        return time
    }

    package func now() async throws -> Int64 {
        var time = Int64.max
        for loop in loops { time = min(time, try await loop.call { $0.historyTime }) }
        return time
    }

    package func progress() async throws -> [Int: LinkWindows.Progress] { try await loops[0].call { $0.progress } }

    /// Has somebody told of each message for which a process is to be struck. He is called on a loop's thread, and must be quick;
    /// while there is nobody, nobody is struck.
    package func onSummons(_ handler: (@Sendable (Summons) -> Void)?) { board.onSummons(handler) }

    /// Says what became of it; a message that waits for it passes, or not, soon.
    package func answer(_ summons: Summons, _ answer: Summons.Answer) { board.answer(summons, answer) }

    /// The same of some links, and from when each window's times count, in nanoseconds of the history.
    package func progress(
        on names: Set<String>
    ) async throws -> [Int: (progress: LinkWindows.Progress, since: Int64)] {
        try await loops[0].call { $0.progress(on: names) }
    }

    package func inFlight() async throws -> InFlight { try await inFlight(on: nil) }

    /// - Parameter names: of links; nil: of all.
    package func inFlight(on names: Set<String>?) async throws -> InFlight {
        var sum = InFlight()
        for loop in loops { sum.add(try await loop.call { $0.inFlight(on: names) }) }
        return sum
    }

    /// What links have done so far, by name; a name that no link ever had is left out.
    package func counts(of names: [String]) async throws -> [String: LinkCounts] {
        var sum: [String: LinkCounts] = [:]
        for loop in loops {
            for (name, counts) in try await loop.call({ $0.counts(of: names) }) {
                sum[name, default: LinkCounts()].add(counts)
            }
        }
        for name in sum.keys { sum[name]?.strikes = board.windows(of: name).strikesByKind }
        return sum
    }

    /// What has become of the wire history's events so far, on their way to the file or not.
    package var historyCounts: HistoryCounts { spool?.counts ?? HistoryCounts() }

    /// How many connections one of the loops carries.
    package func connections(onLoop index: Int) async throws -> Int {
        try await loops[index].call { $0.inFlight().connections }
    }

    package func flushHistory() async throws -> HistoryCount {
        for loop in loops { try await loop.call { _ in } }
        return await spool?.flush() ?? HistoryCount(written: 0, dropped: 0)
    }

    /// Watches the wire from now on.
    ///
    /// - Parameter isWanted: which events; asked on the history's thread, and quick.
    /// - Returns: `nil` when as many watch as may, or there is no history.
    package func watch(_ isWanted: @escaping @Sendable (WireEvent) -> Bool) -> WireWatch? { spool?.watch(isWanted) }

    /// Nobody else can steer them.
    package func disturbances() -> [String] { [] }

    package func untilLost() async throws {
        while true { try await Task.sleep(for: .seconds(86_400)) }
    }

    /// Has all events of some links told without loss, from the first mark on (`mark`): a turn of the history that has begun
    /// already may leave it out.
    ///
    /// - Returns: `nil` when as many are told as may be, or there is no history.
    package func tap(links names: Set<String>) -> HistoryTap? { spool?.tap(links: names) }

    /// Marks the place in what a tap tells before which there is everything that happened so far.
    package func mark(_ tap: HistoryTap, number: Int) async throws {
        _ = try await flushHistory()
        tap.mark(number)
    }

    package func close() async {
        for loop in loops { await loop.stop { $0.close() } }
        board.closeSockets()
        board.join([])
        await spool?.close()
    }
}
