import Foundation
import Stores

extension NativeStack {
    /// How long a service may take to end in good order.
    static let grace: Duration = .seconds(10)
    /// The same for one that was never ready: it has nothing to lose.
    static let shortGrace: Duration = .seconds(3)

    /// Starts what is not up, all at the same time. When one fails, or the task is cancelled, what was started is stopped
    /// again.
    @discardableResult
    package func up(
        progress: @escaping @Sendable (StackProgress) -> Void = { _ in }
    ) async throws -> StackState {
        let lock = try StackLock(home: home, purpose: "stack up")
        defer { lock.release() }
        let before = try await recover(progress: progress)
        let journal = try StackJournal(home: home, state: before ?? StackState(home: home))
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for service in services {
                    group.addTask { try await bringUp(service, before?[service.name], journal, progress) }
                }
                // The first failure ends the others' starts at once.
                for try await _ in group {}
            }
            try Task.checkCancellation()
            try await journal.setPhase(.up)
        } catch {
            if let failed = (error as? StackError)?.service { progress(.failed(failed)) }
            await retreat(to: before, from: journal.state, progress: progress)
            throw error
        }
        return await journal.state
    }

    /// The stack that an earlier `up` finished. What an `up` left that never finished is ended.
    private func recover(progress: @escaping @Sendable (StackProgress) -> Void) async throws -> StackState? {
        let state = try StackState.read(home: home)
        if let state, state.phase == .up, state.boot == ProcessIdentity.boot { return state }
        try await endEverything(of: state, grace: Self.shortGrace, progress: progress)
        return nil
    }

    /// Leaves a service alone that answers; replaces it when it is dead or mute.
    func bringUp(
        _ service: any StackService, _ entry: StackState.Service?, _ journal: StackJournal,
        _ progress: @escaping @Sendable (StackProgress) -> Void
    ) async throws {
        if let entry, entry.process?.isAlive == true {
            if (try? await service.probe(site(entry), timeout: .seconds(3))) != nil {
                return progress(.alreadyUp(service.name))
            }
        }
        if let entry { try await end(service, entry, asking: true) }
        let starter = ServiceStarter(service: service, home: home, journal: journal, progress: progress)
        try await starter.start(on: entry?.ports)
    }

    /// After a failure: what ran before goes on, the rest is stopped.
    private func retreat(
        to before: StackState?, from state: StackState, progress: @escaping @Sendable (StackProgress) -> Void
    ) async {
        guard let before else {
            try? await endEverything(of: state, grace: Self.shortGrace, progress: progress)
            return
        }
        var remaining = state
        for service in services {
            guard let entry = state[service.name], entry.process != before[service.name]?.process else { continue }
            try? await end(service, entry, asking: true)
            remaining[service.name]?.process = nil
        }
        try? remaining.write(home: home)
    }

    /// Ends one service and all that came of it.
    func end(_ service: any StackService, _ entry: StackState.Service, asking: Bool) async throws {
        let family = family(service.name, leader: entry.process, boot: ProcessIdentity.boot)
        let left =
            asking
            ? await Termination.end(family, askWith: service.stopSignal, grace: Self.grace)
            : await Termination.kill(family)
        try Self.requireNone(left, service.name)
    }

    static func requireNone(_ left: Set<ProcessIdentity>, _ service: String?) throws {
        guard left.isEmpty else {
            throw StackError(
                service: service, what: "processes \(left.map(\.id).sorted()) did not end, even when killed",
                remedy: "see why in /proc/PID/stack; they may hang in the kernel, or belong to another user")
        }
    }
}

extension StackState {
    /// Nothing runs yet.
    init(home: StackHome) {
        self.init(
            phase: .starting, boot: ProcessIdentity.boot, services: [],
            endpoints: Endpoints(postgres: "", neo4j: "", qdrant: "", redis: "", s3: "", openai: ""))
    }
}
