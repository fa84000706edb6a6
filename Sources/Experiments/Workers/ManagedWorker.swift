import Faults
import Foundation
import Stack

/// One process of a managed worker, from its start to its end.
actor ManagedWorker {
    private enum State {
        case down, starting, up, paused
        /// It will not be started again.
        case over
    }

    nonisolated let launch: WorkerLaunch
    private let keeper: ProcessGuard
    private let onEnd: @Sendable (WorkerEnd) -> Void
    private var state = State.down
    private var process: SupervisedProcess?
    private var paused: Set<ProcessIdentity> = []
    private var log: WorkerLog
    private var watch: Task<Void, Never>?
    private static let pollEvery = Duration.milliseconds(20)
    private static let watchEvery = Duration.milliseconds(50)

    /// - Parameter onEnd: told when the process ends by itself.
    init(_ launch: WorkerLaunch, keeper: ProcessGuard, onEnd: @escaping @Sendable (WorkerEnd) -> Void) {
        self.launch = launch
        self.keeper = keeper
        self.onEnd = onEnd
        log = WorkerLog(launch.log)
    }

    nonisolated var label: String { launch.label }

    /// Starts the process and waits until it is ready.
    ///
    /// - Throws: `WorkerEnd` when it ends before, or its time does; nothing is left of it then.
    func start() async throws {
        guard state == .down else { return }
        state = .starting
        do {
            let process = try spawn()
            self.process = process
            try await waitUntilReady(process)
            // Meanwhile it may have been ended for good.
            guard state == .starting else { return }
            state = .up
            watch = Task { await self.watchOver(process) }
        } catch {
            if state == .starting { state = .down }
            await dispose()
            throw error
        }
    }

    private func spawn() throws -> SupervisedProcess {
        let program = ProgramExam(
            program: launch.words[0], folder: launch.folder, searchPath: launch.environment["PATH"] ?? "")
        if case .nothing(let what, let mend) = program.look() {
            throw WorkerEnd(label: label, what: "cannot be started: \(what); \(mend)", lastLines: [], log: nil)
        }
        let files = FileManager.default
        for folder in [launch.temporaryFolder, (launch.log as NSString).deletingLastPathComponent] {
            try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        try? files.removeItem(atPath: launch.readyFile)
        log = WorkerLog(launch.log)
        return try SupervisedProcess.start(
            executable: launch.words[0], arguments: Array(launch.words.dropFirst()), environment: launch.environment,
            folder: launch.folder, log: launch.log, mark: launch.mark
        ) { keeper.add(session: $0) }
    }

    private func waitUntilReady(_ process: SupervisedProcess) async throws {
        let deadline = ContinuousClock.now + launch.spec.readyWithin
        while state == .starting {
            if let exit = process.exit() { throw end("ended before it was ready: \(exit)") }
            if isReady(process) { return }
            guard ContinuousClock.now < deadline else { throw end("was not ready within \(launch.spec.readyWithin)") }
            try await Task.sleep(for: Self.pollEvery)
        }
    }

    private func isReady(_ process: SupervisedProcess) -> Bool {
        switch launch.spec.readiness {
        case .started: true
        case .line(let pattern): log.newLines().contains { pattern.matches($0) }
        case .file: FileManager.default.fileExists(atPath: launch.readyFile)
        case .port(let port): process.listens(on: port)
        }
    }

    private func end(_ what: String) -> WorkerEnd {
        WorkerEnd(label: label, what: what, lastLines: log.lastLines, log: launch.log)
    }

    /// Waits for the process to end by itself.
    private func watchOver(_ process: SupervisedProcess) async {
        while state == .up || state == .paused, self.process?.identity == process.identity {
            if await noticeEnd() { return }
            guard (try? await Task.sleep(for: Self.watchEvery)) != nil else { return }
        }
    }

    /// Tells of an end that nobody has seen yet. - Returns: false while it runs.
    @discardableResult
    func noticeEnd() async -> Bool {
        guard state == .up || state == .paused, let process, let exit = process.exit() else { return false }
        state = .down
        onEnd(end("ended by itself: \(exit)"))
        await dispose()
        if launch.spec.restarts { watch = Task { await self.startAgain() } }
        return true
    }

    private func startAgain() async {
        do {
            try await start()
        } catch {
            guard !Task.isCancelled else { return }
            onEnd(error as? WorkerEnd ?? end("cannot be started again: \(error)"))
        }
    }

    /// Nothing of the process is left.
    private func dispose() async {
        guard let process else { return }
        self.process = nil
        await process.kill()
        forget(process)
    }

    private func forget(_ process: SupervisedProcess) {
        keeper.remove(session: process.identity)
        keeper.remove(paused: paused)
        paused = []
        // As when a container is replaced.
        try? FileManager.default.removeItem(atPath: launch.temporaryFolder)
    }

    // MARK: Faults

    /// Kills it. - Returns: false when it does not run.
    func kill() async -> Bool {
        guard state == .up || state == .paused else { return false }
        state = .down
        await dispose()
        return true
    }

    /// - Returns: false when it does not run, or stands still already.
    func pause() async -> Bool {
        guard state == .up, let process else { return false }
        state = .paused
        paused = await process.pause { keeper.add(paused: $0) }
        return true
    }

    func resume() {
        guard state == .paused, let process else { return }
        process.resume()
        keeper.remove(paused: paused)
        paused = []
        state = .up
    }

    /// Ends it in order and starts it again.
    ///
    /// - Parameter asked: called once it has been asked to end.
    /// - Returns: false when it does not run.
    /// - Throws: `WorkerEnd` when it does not become ready.
    func restart(asked: @Sendable () -> Void) async throws -> Bool {
        guard state == .up, let process else { return false }
        state = .down
        self.process = nil
        await process.end(askWith: launch.spec.stop.signal, grace: launch.spec.stop.grace, asked: asked)
        forget(process)
        try await start()
        return true
    }

    /// Whether it is the client that has this socket.
    func holds(port: Int, peerPort: Int) -> Bool {
        guard state == .up, let process else { return false }
        return process.isConnected(from: port, to: peerPort)
    }

    /// Ends it in order, for good.
    func stop() async {
        guard state != .over else { return }
        state = .over
        watch?.cancel()
        guard let process else { return }
        self.process = nil
        await process.end(askWith: launch.spec.stop.signal, grace: launch.spec.stop.grace)
        forget(process)
    }
}
