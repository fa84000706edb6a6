import Glibc

/// One service at a time, for experiments and tests that take a service away.
extension NativeStack {
    /// Ends the service in good order. Its ports and data wait for `start`.
    package func stop(_ name: String) async throws {
        try await take(name, purpose: "stack stop \(name)", asking: true)
    }

    /// Ends the service as a crash would.
    package func kill(_ name: String) async throws {
        try await take(name, purpose: "stack kill \(name)", asking: false)
    }

    /// Starts the service again where it was; does nothing when it answers.
    @discardableResult
    package func start(
        _ name: String, progress: @escaping @Sendable (StackProgress) -> Void = { _ in }
    ) async throws -> StackState {
        let lock = try StackLock(home: home, purpose: "stack start \(name)")
        defer { lock.release() }
        let service = try service(name)
        let journal = try StackJournal(home: home, state: state())
        try await bringUp(service, journal.state[name], journal, progress)
        return await journal.state
    }

    /// The service keeps its connections and answers nobody until `resume`. It stands still when this returns.
    ///
    /// - Parameter announce: told of its processes before they do.
    package func pause(
        _ name: String, announce: (Set<ProcessIdentity>) -> Void = { _ in }
    ) async throws {
        var family = try running(name)
        await family.halt(announce: announce)
    }

    package func resume(_ name: String) throws {
        try running(name).signal(SIGCONT)
    }

    private func running(_ name: String) throws -> ProcessFamily {
        _ = try service(name)
        let state = try state()
        guard let process = state[name]?.process, process.isAlive else {
            throw StackError(service: name, what: "does not run", remedy: "run `faultline stack start \(name)`")
        }
        var family = family(name, leader: process, boot: state.boot)
        family.refresh()
        return family
    }

    private func take(_ name: String, purpose: String, asking: Bool) async throws {
        let lock = try StackLock(home: home, purpose: purpose)
        defer { lock.release() }
        let service = try service(name)
        let journal = try StackJournal(home: home, state: state())
        guard let entry = await journal.state[name] else { return }
        try await end(service, entry, asking: asking)
        try await journal.forgetProcess(of: name)
    }
}
