import Faults
import Foundation
import Proxy
import Stack

/// Strikes processes while a plan is in force, at a time or at messages, and has them run again.
actor ProcessDirector {
    /// How far a window that strikes processes has come.
    struct Progress: Sendable {
        var struck = 0
        /// Why the last one that was to be struck was not.
        var failure: String?
        /// One for each time that it struck, in their order.
        var spans: [Span] = []
    }

    /// From a strike until the process ran again, in nanoseconds of the wire history.
    struct Span: Sendable {
        var process: String
        var from: Int64
        /// Nil while it does not run.
        var to: Int64?
    }

    /// A process that is down, or stands still.
    private struct Outage {
        let window: Int
        let process: StruckProcess
        let action: ProcessAction
        /// Waits for the time at which it is over.
        var timer: Task<Void, Never>?
    }

    private let windows: [Window]
    private let workers: ManagedWorkers?
    private let natives: NativeServices?
    private let links: any LinkControl
    /// Links that tell of messages at which processes are to be struck; only those of this process do.
    private let summoning: LocalLinks?
    /// What each link leads to, by the link's name.
    private let services: [String: String]
    private let keeper: ProcessGuard
    private var progress: [Int: Progress] = [:]
    /// By the process's label.
    private var outages: [String: Outage] = [:]
    /// Labels of processes that are being struck, or have yet to run again.
    private var busy: Set<String> = []
    /// Who waits until a process is seen to run again, by its label. A message may come sooner.
    private var healing: [String: [CheckedContinuation<Void, Never>]] = [:]
    private var isOver = true
    private var tasks: [Task<Void, Never>] = []
    /// Strikes at messages, and ends of outages at their times.
    private var work: [Task<Void, Never>] = []
    /// Faults of faultline's own: a process that does not run again.
    private(set) var failures: [String] = []

    /// - Parameters:
    ///   - windows: of an experiment; those that strike no process are left to the links.
    ///   - stack: where a window strikes a service.
    ///   - services: what each link leads to, by the link's name.
    init(
        windows: [Window], workers: ManagedWorkers?, stack: NativeStack?, links: any LinkControl,
        services: [String: String], keeper: ProcessGuard
    ) {
        self.windows = windows.filter { $0.process != nil }
        self.workers = workers
        natives = stack.map(NativeServices.init)
        self.links = links
        summoning = links as? LocalLinks
        self.services = services
        self.keeper = keeper
    }

    // MARK: From beginning to end

    /// Messages for which a process is to be struck are heard of from now on.
    func listen() {
        guard isOver else { return }
        isOver = false
        let (arriving, arrived) = AsyncStream.makeStream(of: Summons.self)
        summoning?.onSummons { arrived.yield($0) }
        tasks.append(
            Task {
                for await summons in arriving { self.take(summons) }
            })
    }

    /// The plan is in force, and times count from now.
    func begin() {
        for window in windows where window.process?.stage == nil {
            guard case .at(let time) = window.opening else { continue }
            tasks.append(
                Task {
                    guard (try? await Task.sleep(for: time)) != nil else { return }
                    await self.strikeAll(window, sinceStart: time)
                })
        }
    }

    /// Strikes nobody any more, and has all run again. May be called again.
    ///
    /// - Returns: once they are ready.
    func heal() async {
        isOver = true
        summoning?.onSummons(nil)
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        for outage in outages.values { outage.timer?.cancel() }
        for task in work { await task.value }
        (tasks, work) = ([], [])
        await withDiscardingTaskGroup { group in
            for label in outages.keys { group.addTask { await self.end(label) } }
        }
    }

    func progress(of window: Int) -> Progress { progress[window] ?? Progress() }

    /// How often each window has struck, by its id.
    var struck: [Int: Int] {
        Dictionary(uniqueKeysWithValues: windows.map { ($0.id, progress(of: $0.id).struck) })
    }

    // MARK: Striking

    private func take(_ summons: Summons) {
        guard !isOver, let window = windows.first(where: { $0.id == summons.window }) else {
            return answer(summons, .nobody)
        }
        work.append(Task { await self.strike(window, at: summons) })
    }

    private func answer(_ summons: Summons, _ answer: Summons.Answer) { summoning?.answer(summons, answer) }

    private func strike(_ window: Window, at summons: Summons) async {
        guard let target = window.process else { return }
        let client = summons.client.map { ($0.port, $0.peerPort) }
        var sender: ManagedWorker?
        var struck: [StruckProcess] = []
        if let workers, workers.processes[target.name] != nil {
            let (worker, isClient) = await workers.concerned(target.name, client: client, lane: summons.lane)
            if isClient { sender = worker }
            struck = target.which == .concerned ? worker.map { [.worker($0)] } ?? [] : chosen(target)
        } else {
            struck = chosen(target)
        }
        let answer = OnceAnswer { [summoning] in summoning?.answer(summons, $0) }
        let isOfWorker = workers?.processes[target.name] != nil
        // A worker that is asked to end may first do what it has begun.
        let whenAsked: Summons.Answer =
            !isOfWorker && services[summons.link] == target.name ? .serviceIsGone : .passes
        var anyone = false
        for process in struck where await strike(process, window, asked: { answer.give(whenAsked) }) { anyone = true }
        let hitsSender = sender.map { sender in struck.contains { $0.label == sender.label } } ?? false
        switch (anyone, window.fault.processAction) {
        case (false, _): answer.give(.nobody)
        case (true, .kill) where isOfWorker && hitsSender: answer.give(.clientIsGone)
        case (true, .kill) where !isOfWorker: answer.give(whenAsked)
        default: answer.give(.passes)
        }
    }

    private func strikeAll(_ window: Window, sinceStart: Duration) async {
        guard !isOver, let target = window.process else { return }
        await withDiscardingTaskGroup { group in
            for process in chosen(target) { group.addTask { _ = await self.strike(process, window) } }
        }
    }

    private func chosen(_ target: ProcessTarget) -> [StruckProcess] {
        if let workers = workers?.processes[target.name] {
            guard case .number(let number) = target.which else { return workers.map { .worker($0) } }
            return workers.indices.contains(number - 1) ? [.worker(workers[number - 1])] : []
        }
        return natives.map { [.service(target.name, $0)] } ?? []
    }

    /// - Returns: whether it was struck.
    private func strike(
        _ process: StruckProcess, _ window: Window, asked: @escaping @Sendable () -> Void = {}
    ) async -> Bool {
        if healing[process.label] != nil {
            await withCheckedContinuation { healing[process.label]?.append($0) }
        }
        guard let action = window.fault.processAction, busy.insert(process.label).inserted else {
            note(window) { $0.failure = "\(process.label) was down, or stood still, already" }
            return false
        }
        let time = (try? await links.now()) ?? 0
        do {
            guard try await process.strike(action, keeper: keeper, asked: asked) else {
                busy.remove(process.label)
                note(window) { $0.failure = "\(process.label) was down, or stood still, already" }
                return false
            }
        } catch {
            // A service that was ended and does not start is as down as one that was killed.
            failures.append("\(process.label) could not be struck by '\(window.name)': \(Self.line(error))")
            if action == .restart {
                outages[process.label] = Outage(
                    window: window.id, process: process, action: .kill(restartAfter: nil))
            } else {
                busy.remove(process.label)
            }
            note(window) { $0.failure = Self.line(error) }
            return false
        }
        note(window) {
            $0.struck += 1
            $0.spans.append(Span(process: process.label, from: time))
        }
        if action == .restart {
            await isBack(process.label, window.id)
        } else {
            wait(for: process, window, action)
        }
        return true
    }

    private func note(_ window: Window, _ change: (inout Progress) -> Void) {
        change(&progress[window.id, default: Progress()])
    }

    // MARK: Healing

    /// The process is down, or stands still, from now on; it runs again at its time.
    private func wait(for process: StruckProcess, _ window: Window, _ action: ProcessAction) {
        var outage = Outage(window: window.id, process: process, action: action)
        let label = process.label
        if let time = Self.length(window, action) {
            let timer = Task {
                guard (try? await Task.sleep(for: time)) != nil else { return }
                await self.end(label)
            }
            outage.timer = timer
            work.append(timer)
        }
        outages[label] = outage
    }

    /// How long it lasts; nil: until all is healed.
    private static func length(_ window: Window, _ action: ProcessAction) -> Duration? {
        if case .kill(let time?) = action { return time }
        switch window.closing {
        case .withPlan: return nil
        case .lasting(let time): return time
        case .at(let end):
            guard case .at(let start) = window.opening else { return nil }
            return end - start
        }
    }

    private func end(_ label: String) async {
        guard let outage = outages.removeValue(forKey: label) else { return }
        healing[label] = []
        defer { for waiting in healing.removeValue(forKey: label) ?? [] { waiting.resume() } }
        do {
            // A task of its own: it must run again also when the present one is cancelled.
            try await Task { try await outage.process.heal(outage.action) }.value
        } catch {
            failures.append("\(label) does not run again: \(Self.line(error))")
            // When all is healed it is tried once more.
            if !isOver {
                outages[label] = Outage(window: outage.window, process: outage.process, action: outage.action)
            }
            return
        }
        await isBack(label, outage.window)
    }

    private func isBack(_ label: String, _ window: Int) async {
        busy.remove(label)
        let time = try? await links.now()
        guard let span = progress[window]?.spans.lastIndex(where: { $0.process == label }) else { return }
        progress[window]?.spans[span].to = time
    }

    private static func line(_ error: any Error) -> String {
        "\(error)".split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .joined(separator: " | ")
    }
}
