import Faults
import Proxy
import Stack
import Wire

/// The processes that one run starts, and those that its faults strike.
struct RunProcesses: Sendable {
    let workers: ManagedWorkers?
    let director: ProcessDirector
    private let keeper: ProcessGuard

    /// - Parameters:
    ///   - addresses: where the links listen, by name, one address a lane.
    ///   - logs: the folder of the workers' logs.
    /// - Returns: nil where there is nothing to be started or struck.
    init?(
        system: System, windows: [Window], lanes: Int, links: any LinkControl, addresses: [String: [String]],
        data: RunData, logs: String
    ) throws {
        let struck = windows.compactMap { $0.process?.name }
        guard !system.workers.isEmpty || !struck.isEmpty else { return nil }
        let names = Set(system.workers.map(\.name))
        let stack = struck.allSatisfy(names.contains) ? nil : try NativeStack.current()
        keeper = try ProcessGuard(mark: (WorkerSpec.runVariable, data.token))
        workers =
            system.workers.isEmpty
            ? nil
            : ManagedWorkers(
                system: system, lanes: lanes, addresses: addresses, data: data, logs: logs, keeper: keeper)
        director = ProcessDirector(
            windows: windows, workers: workers, stack: stack, links: links,
            services: Dictionary(
                system.links.compactMap { link in link.service.map { (link.name, $0.rawValue) } },
                uniquingKeysWith: { first, _ in first }),
            keeper: keeper)
    }

    /// All runs again that was struck, and what was started is ended.
    func end() async {
        await director.heal()
        await workers?.stop()
        keeper.dismiss()
    }

    /// What went on with processes beside the faults, in words.
    var ownEnds: [String] {
        get async { (await workers?.ownEnds.map(\.description) ?? []) + (await director.failures) }
    }
}
