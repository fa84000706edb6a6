import Faults
import Foundation
import Stack
import Synchronization

/// The managed workers of one run.
final class ManagedWorkers: Sendable {
    /// By the worker's name, in the order of their numbers.
    let processes: [String: [ManagedWorker]]
    private let ends = WorkerEnds()

    /// - Parameters:
    ///   - addresses: where the links listen, by name, one address a lane.
    ///   - logs: the folder of their logs; made where it is missing.
    init(
        system: System, lanes: Int, addresses: [String: [String]], data: RunData, logs: String, keeper: ProcessGuard
    ) {
        let ends = ends
        var processes: [String: [ManagedWorker]] = [:]
        for spec in system.workers {
            processes[spec.name] = (0..<spec.count(lanes: lanes)).map { number in
                let launch = WorkerLaunch(
                    spec, number: number, system: system, addresses: addresses, data: data, logs: logs)
                return ManagedWorker(launch, keeper: keeper) { ends.add($0) }
            }
        }
        self.processes = processes
    }

    private var all: [ManagedWorker] { processes.sorted { $0.key < $1.key }.flatMap(\.value) }

    /// Starts all, and waits until they are ready. The first that is not ends the wait; the caller stops the rest.
    func start() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in all { group.addTask { try await worker.start() } }
            for try await _ in group {}
        }
    }

    /// Ends all in order.
    func stop() async {
        await withDiscardingTaskGroup { group in
            for worker in all { group.addTask { await worker.stop() } }
        }
    }

    /// Those that ended by themselves.
    var ownEnds: [WorkerEnd] {
        get async {
            for worker in all { await worker.noticeEnd() }
            return ends.all
        }
    }

    /// Waits until one has ended by itself; false when the task is cancelled before.
    func anyEnd() async -> Bool { await ends.any() }

    /// The process of a worker that is at the other end of a connection of a link; where that cannot be found, the lane's, else
    /// the first.
    func concerned(_ name: String, client: (port: Int, peerPort: Int)?, lane: Int) async -> (
        worker: ManagedWorker?, isClient: Bool
    ) {
        let workers = processes[name] ?? []
        if let client {
            for worker in workers where await worker.holds(port: client.port, peerPort: client.peerPort) {
                return (worker, true)
            }
        }
        return (
            workers.first { $0.launch.spec.placement == .perLane && $0.launch.lane == lane } ?? workers.first, false
        )
    }
}

/// What processes say that have ended by themselves.
private final class WorkerEnds: Sendable {
    private let ends = Mutex<[WorkerEnd]>([])
    private let signal = StopSignal()

    var all: [WorkerEnd] { ends.withLock { $0 } }

    func add(_ end: WorkerEnd) {
        ends.withLock { $0.append(end) }
        signal.send()
    }

    /// Waits until there is one; false when the task is cancelled before.
    func any() async -> Bool { await signal.wait() }
}
