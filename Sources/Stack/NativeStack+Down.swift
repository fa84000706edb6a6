import Foundation
import Glibc

extension NativeStack {
    /// Stops everything. `purge` deletes the data as well.
    package func down(
        purge: Bool = false, progress: @escaping @Sendable (StackProgress) -> Void = { _ in }
    ) async throws {
        let lock = try StackLock(home: home, purpose: "stack down")
        defer { lock.release() }
        // A state that cannot be read must not keep anyone from ending what runs.
        let state = try? StackState.read(home: home)
        try await endEverything(of: state, progress: progress)
        if purge { try deleteData(of: state) }
    }

    /// Ends every process of this stack, whether the state lists it or only its environment tells.
    func endEverything(
        of state: StackState?, grace: Duration = NativeStack.grace,
        progress: @escaping @Sendable (StackProgress) -> Void
    ) async throws {
        let boot = state?.boot ?? ProcessIdentity.boot
        let began = ContinuousClock.now
        let left = await withTaskGroup(of: Set<ProcessIdentity>.self) { group in
            for entry in state?.services ?? [] {
                guard entry.process != nil else { continue }
                let signal = services.first { $0.name == entry.name }?.stopSignal ?? SIGTERM
                group.addTask {
                    let family = family(entry.name, leader: entry.process, boot: boot)
                    let left = await Termination.end(family, askWith: signal, grace: grace)
                    progress(.stopped(entry.name, after: ContinuousClock.now - began))
                    return left
                }
            }
            return await group.reduce(into: Set()) { $0.formUnion($1) }
        }
        try Self.requireNone(left, nil)
        var strays = family(nil, leader: nil, boot: boot)
        strays.refresh()
        if !strays.members.isEmpty {
            progress(.clearing(strays.members.count))
            try Self.requireNone(await Termination.end(strays, askWith: SIGTERM, grace: grace), nil)
        }
        try? FileManager.default.removeItem(atPath: home.stateFile)
    }

    private func deleteData(of state: StackState?) throws {
        let files = FileManager.default
        var folders = Set(services.map { $0.dataFolder(home: home) })
        folders.formUnion((state?.services ?? []).map(\.data))
        folders.formUnion([home.logs, home.secrets])
        for folder in folders where files.fileExists(atPath: folder) { try files.removeItem(atPath: folder) }
        // A folder outside the stack has a parent of its own.
        for folder in folders where !folder.hasPrefix(home.stack) {
            rmdir((folder as NSString).deletingLastPathComponent)
        }
    }
}
