package import Faults
import Foundation
package import Proxy
import Stores
import Synchronization
import Wire

/// Links of a standing proxy, for as long as a run has them: it opens and closes none of them.
///
/// Everything that the proxy says is said by the one that was asked first: another in its place, or a history of which a part is
/// missing, and the links are lost, for good.
package final class AttachedLinks: LinkControl {
    private struct State {
        var isAttached = false
        /// Which proxy it is.
        var instance: String?
        var lost: LinksLost?
        var whoWaits: [Int: CheckedContinuation<Void, any Error>] = [:]
        var waitsCount = 0
        /// The windows of the plan in force, and when it came into force.
        var windows: [Int] = []
        var began: Int64 = 0
        /// The latest time that the proxy told.
        var latest: Int64 = 0
        var marks = 0
        var awaited: [Int: CheckedContinuation<HistoryCount, any Error>] = [:]
        var reached: [Int: HistoryCount] = [:]
        var renewal: Task<Void, Never>?
        var telling: Task<Void, Never>?
    }

    /// How long a run's faults stay in force without it.
    package static let lease = Duration.seconds(10)
    private static let renewEvery = Duration.seconds(2)

    private let address: String
    private let owner: String
    private let history: SharedCopy
    private let client: ControlClient
    private let state = Mutex(State())

    /// - Parameters:
    ///   - address: `HOST:PORT` of the proxy's control API.
    ///   - owner: what others are told of who has the links; unique among the proxy's leases.
    ///   - historyPath: the file that the links' history goes to.
    package init(_ address: String, token: String?, owner: String, historyPath: String) throws {
        self.address = address
        self.owner = owner
        history = try SharedCopy(path: historyPath)
        client = ControlClient(address, token: token, option: "--attach")
    }

    // MARK: Links

    /// Finds links of these names, and has them to itself from now on.
    ///
    /// - Throws: `LinkError` for one that is not there, speaks another protocol or is disabled, that another run has, or on which
    ///   a fault is in force.
    package func open(_ links: [LinkConfiguration]) async throws -> [String: [String]] {
        let standing = try await ask("GET", ["v1", "links"])["links"]?.array ?? []
        let found = try links.map { link in
            (link.name, try StandingLink(link, among: standing, at: address).addresses)
        }
        let body: JSON = [
            "owner": .string(owner), "links": .array(links.map { .string($0.name) }), "for": Self.leaseText,
        ]
        let answer = try await ask("POST", ["v1", "attachments"], body)
        guard let time = answer["time"]?.int else { throw unreadable("attachment") }
        state.withLock {
            $0.isAttached = true
            $0.latest = Int64(time)
        }
        do {
            try await beginHistory()
        } catch {
            await close()
            throw error
        }
        let renewal = Task { await renew() }
        state.withLock { $0.renewal = renewal }
        return Dictionary(uniqueKeysWithValues: found)
    }

    /// The links stay.
    package func close(_ names: [String]) {}

    private func renew() async {
        while (try? await Task.sleep(for: Self.renewEvery)) != nil {
            do { _ = try await ask("PUT", path(), ["for": Self.leaseText]) } catch { return }
        }
    }

    package func untilLost() async throws {
        let number = state.withLock { state in
            state.waitsCount += 1
            return state.waitsCount
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let failure: (any Error)? = state.withLock { state in
                    if let lost = state.lost { return lost }
                    if Task.isCancelled { return CancellationError() }
                    state.whoWaits[number] = continuation
                    return nil
                }
                if let failure { continuation.resume(throwing: failure) }
            }
        } onCancel: {
            state.withLock { $0.whoWaits.removeValue(forKey: number) }?.resume(throwing: CancellationError())
        }
    }

    package func close() async {
        let (isAttached, isLost) = state.withLock { state in
            defer { state.isAttached = false }
            return (state.isAttached, state.lost != nil)
        }
        state.withLock { $0.renewal }?.cancel()
        if isAttached, !isLost { _ = try? await ask("DELETE", path()) }
        lose("the run has ended")
        if !isLost { await state.withLock { $0.telling }?.value }
    }

    // MARK: Plan

    @discardableResult
    package func apply(_ plan: Plan) async throws -> Int64 {
        // What strikes a process at a time is no matter of the links.
        let windows = plan.windows.filter { !$0.link.isEmpty }
        let body = try PlanBody.json(windows, seed: plan.seed)
        // Whoever asks meanwhile may be told of the plan before.
        state.withLock { state in state.windows.removeAll { id in !windows.contains { $0.id == id } } }
        let time = try await timed("PUT", path("plan"), body).time
        state.withLock {
            $0.windows = windows.map(\.id)
            $0.began = time
        }
        return time
    }

    package func now() async throws -> Int64 { try await timed("GET", path()).time }

    package func progress() async throws -> [Int: LinkWindows.Progress] {
        let entries = try await timed("GET", path()).answer["faults"]?.array ?? []
        let (windows, began) = state.withLock { ($0.windows, $0.began) }
        var progress: [Int: LinkWindows.Progress] = [:]
        for entry in entries {
            guard let id = entry["id"]?.int else { throw unreadable("faults") }
            func elapsed(_ key: String) -> Duration? {
                entry[key]?.int.map { .nanoseconds(max(0, Int64($0) - began)) }
            }
            progress[id] = LinkWindows.Progress(
                matched: entry["matched"]?.int ?? 0, struck: entry["struck"]?.int ?? 0,
                notApplied: entry["not_applied"]?.int ?? 0, isDamage: entry["damage"] == true,
                opened: elapsed("opened"), closed: elapsed("closed"))
        }
        if let missing = windows.first(where: { progress[$0] == nil }) {
            throw lose("the run's fault \(missing) is in force no more")
        }
        return progress
    }

    package func inFlight() async throws -> InFlight {
        let present = try await timed("GET", path()).answer
        return InFlight(
            calls: present["calls"]?.int ?? 0, bytes: present["bytes"]?.int ?? 0,
            connections: present["connections"]?.int ?? 0)
    }

    package func disturbances() async throws -> [String] {
        guard state.withLock({ $0.isAttached }) else { return [] }
        return try await timed("GET", path()).answer["disturbances"]?.array?.compactMap(\.string) ?? []
    }

    /// An answer that tells the history's time, which never goes back.
    private func timed(
        _ method: String, _ path: [String], _ body: JSON? = nil
    ) async throws -> (answer: JSON, time: Int64) {
        let before = state.withLock { $0.latest }
        let answer = try await ask(method, path, body)
        guard let time = answer["time"]?.int.map({ Int64($0) }) else { throw unreadable("time") }
        guard time >= before else { throw lose("the time of its history has gone back") }
        state.withLock { $0.latest = max($0.latest, time) }
        return (answer, time)
    }

    // MARK: History

    /// Over once every event from now on goes to the file.
    private func beginHistory() async throws {
        let (began, beginning) = AsyncThrowingStream.makeStream(of: Void.self)
        let (client, path) = (client, path("history"))
        let history = history
        let telling = Task {
            do {
                try await client.stream(
                    path,
                    onStart: { reply in
                        guard reply.status == 200 else { throw LinksLost(reply.refusal) }
                        try self.check(reply)
                    },
                    onBytes: { bytes in
                        let (marks, written) = try history.take(bytes)
                        self.reach(marks, written)
                        if !marks.isEmpty { beginning.finish() }
                        return self.state.withLock { $0.isAttached }
                    })
                await self.loseHistory("has ended; the run's lease may have run out")
            } catch {
                await self.loseHistory("broke off: \(error)")
            }
            beginning.finish(throwing: self.state.withLock { $0.lost })
        }
        state.withLock { $0.telling = telling }
        for try await _ in began {}
    }

    /// Whoever has killed the proxy wants to know that rather than what it did to a stream.
    private func loseHistory(_ why: String) async {
        guard state.withLock({ $0.lost == nil && $0.isAttached }) else { return }
        do {
            try check(try await client.exchange("GET", ["v1", "attachments"]))
            lose("its history \(why)")
        } catch is LinksLost {
            // Another one has answered.
        } catch {
            lose("it is gone: its history \(why); \(error)")
        }
    }

    private func reach(_ marks: [HistoryCopy.Mark], _ written: Int) {
        for mark in marks where mark.number > 0 {
            let count = HistoryCount(written: written, dropped: mark.dropped)
            let awaiting = state.withLock { state in
                state.reached[mark.number] = count
                return state.awaited.removeValue(forKey: mark.number)
            }
            awaiting?.resume(returning: count)
        }
    }

    package func flushHistory() async throws -> HistoryCount {
        let number = state.withLock { state in
            state.marks += 1
            return state.marks
        }
        _ = try await ask("POST", path("marks"), ["number": .int(number)])
        // The mark is on its way, or the links are lost.
        return try await withCheckedThrowingContinuation { continuation in
            let known: Result<HistoryCount, any Error>? = state.withLock { state in
                if let count = state.reached[number] { return .success(count) }
                if let lost = state.lost { return .failure(lost) }
                state.awaited[number] = continuation
                return nil
            }
            if let known { continuation.resume(with: known) }
        }
    }

    // MARK: Asking

    private func path(_ rest: String...) -> [String] { ["v1", "attachments", owner] + rest }

    private func ask(_ method: String, _ path: [String], _ body: JSON? = nil) async throws -> JSON {
        if let lost = state.withLock({ $0.lost }) { throw lost }
        let reply: ControlClient.Reply
        do {
            reply = try await client.exchange(method, path, body: body)
        } catch let failure as ControlClient.Failure {
            guard state.withLock({ $0.isAttached }) else { throw failure }
            throw lose("it does not answer: \(failure)")
        } catch {
            guard state.withLock({ $0.isAttached }) else { throw error }
            throw lose("it does not answer: \(error)")
        }
        try check(reply)
        if reply.isDone { return reply.body }
        guard state.withLock({ $0.isAttached }) else { throw refusal(reply) }
        throw lose(reply.refusal)
    }

    private func refusal(_ reply: ControlClient.Reply) -> LinkError {
        LinkError(
            link: "*", what: "the proxy at \(address) refuses the run: \(reply.refusal)",
            mend: reply.status == 401
                ? "put the proxy's token into the environment variable FAULTLINE_TOKEN"
                : "'faultline links --api \(address)' shows what it has")
    }

    /// - Throws: `LinksLost` for an answer of another proxy.
    private func check(_ reply: ControlClient.Reply) throws {
        let isSame = state.withLock { state in
            defer { if state.instance == nil { state.instance = reply.instance } }
            return state.instance == nil || state.instance == reply.instance
        }
        guard reply.instance != nil else {
            if state.withLock({ $0.isAttached }) { throw lose("something else answers in its place") }
            throw LinkError(
                link: "*", what: "what answers at \(address) is no proxy of faultline's that a run can attach to",
                mend: "start 'faultline proxy' of the same version there, or name its control API with --attach")
        }
        guard isSame else { throw lose("it was started anew, and knows nothing of the run") }
    }

    private func unreadable(_ what: String) -> LinksLost {
        lose("its answer has no '\(what)': is it of another version?")
    }

    /// For good. The first reason counts.
    @discardableResult
    private func lose(_ why: String) -> LinksLost {
        let (lost, waiting, awaiting) = state.withLock { state in
            let lost = state.lost ?? LinksLost("the run has lost the proxy at \(address): \(why)")
            defer { (state.whoWaits, state.awaited) = ([:], [:]) }
            state.lost = lost
            return (lost, Array(state.whoWaits.values), Array(state.awaited.values))
        }
        for continuation in waiting { continuation.resume(throwing: lost) }
        for continuation in awaiting { continuation.resume(throwing: lost) }
        return lost
    }

    private static let leaseText = JSON.string("\(lease.components.seconds)s")
}

/// Written to by the thread that hears the history.
private final class SharedCopy: Sendable {
    private let copy: Mutex<HistoryCopy>

    init(path: String) throws { copy = Mutex(try HistoryCopy(path: path)) }

    func take(_ bytes: [UInt8]) throws -> (marks: [HistoryCopy.Mark], written: Int) {
        try copy.withLock { copy in (try copy.take(bytes), copy.written) }
    }
}
